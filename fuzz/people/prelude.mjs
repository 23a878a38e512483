import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';

const DAY = 86_400_000;
const at = (days) => new Date(Date.now() + days * DAY).toISOString();
const PRICES = [0, 2500];
/** Keys by the name of the actor: whose organization's, and what they may. */
const KEYS = {
  shop: {
    of: 'organizer',
    body: {
      name: 'Shop',
      scopes: ['events:read', 'events:write', 'orders:read', 'orders:write', 'tickets:read', 'checkin'],
    },
  },
  kiosk: { of: 'rival', body: { name: 'Kiosk', scopes: ['checkin'] } },
};
/** For the payment page and for what follows a payment, in milliseconds. */
const PATIENCE = 10_000;

/**
 * What an organizer and two rivals' buyers do before the first odd request, so that the deep calls have something to be
 * called with: a published event with orders that are free, held and paid.
 * @param call sends as somebody and learns from the answer
 * @param buyers account { email, password }
 * @returns { sellers, keys }: ids of organizations by the name of who owns them; keys that are to be made there
 */
export async function prelude(call, buyers) {
  const founded = await call('rival', 'POST', '/organizations', {
    name: 'Rival',
    slug: `rival-${Date.now().toString(36)}`,
  });
  await call('stranger', 'POST', '/organizations', { name: 'Stranger', slug: `stranger-${Date.now().toString(36)}` });
  const mine = await call('organizer', 'GET', '/organizations');
  // Nobody is a stranger at the own organization.
  await call('scanner', 'GET', '/organizations');
  const sellers = { organizer: mine.data[0].id, rival: founded.id };
  await scene(call, sellers);
  await confide(call, buyers);
  return { sellers, keys: KEYS };
}

/** Has the platform show and mail the buyer's secrets, so that its logs can be searched for them. Nothing is learned. */
async function confide(call, { email, password }) {
  const tell = (method, path, body) => call('buyer', method, path, body, { learns: false });
  const factor = '/users/me/second-factor';
  const { secret } = await tell('POST', factor, { password });
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const { recoveryCodes } = await tell('POST', `${factor}/confirm`, { code });
  await tell('DELETE', factor, { password, code: recoveryCodes[0] });
  await tell('POST', '/auth/forgot-password', { email });
}

/** @param sellers ids of organizations by the name of who owns them */
export async function scene(call, sellers) {
  for (const [who, organizationId] of Object.entries(sellers)) {
    const event = await call(who, 'POST', '/events', {
      organizationId,
      title: 'Fuzzed night',
      venue: { name: 'Hall', city: 'Paris' },
      startsAt: at(30),
      endsAt: at(31),
      timezone: 'Europe/Paris',
    });
    const types = [];
    for (const amount of PRICES)
      types.push(
        await call(who, 'POST', `/events/${event.id}/ticket-types`, {
          name: `For ${amount}`,
          price: { amount, currency: 'EUR' },
          capacity: 100_000,
          maxPerOrder: 10,
        }),
      );
    await call(who, 'POST', `/events/${event.id}/publish`);
    for (const buyer of ['buyer', 'stranger']) await buy(call, buyer, event, types);
    await call(who, 'GET', `/tickets/event/${event.id}?limit=100`);
  }
  for (const buyer of ['buyer', 'stranger']) {
    const { data } = await call(buyer, 'GET', '/tickets?limit=100');
    const valid = data.filter(({ status }) => status === 'valid');
    for (const { id } of valid.slice(0, 4)) await call(buyer, 'GET', `/tickets/${id}/qr?format=json&kind=static`);
  }
}

async function buy(call, buyer, event, types) {
  for (const type of types) {
    const items = [{ ticketTypeId: type.id, quantity: 2 }];
    const order = await call(buyer, 'POST', '/orders', { eventId: event.id, items });
    if (order.checkoutUrl) await pay(order.checkoutUrl);
    for (const end = Date.now() + PATIENCE; ; await sleep(100)) {
      const { status } = await call(buyer, 'GET', `/orders/${order.id}`, undefined, { learns: false });
      if (status === 'confirmed') break;
      if (Date.now() > end) throw new Error(`An order of the prelude is still ${status}.`);
    }
  }
  // One that stays a hold.
  const items = [{ ticketTypeId: types[1].id, quantity: 1 }];
  await call(buyer, 'POST', '/orders', { eventId: event.id, items });
}

async function pay(checkoutUrl) {
  for (const end = Date.now() + PATIENCE; ; await sleep(100)) {
    const answer = await fetch(checkoutUrl, { redirect: 'manual' });
    await answer.arrayBuffer();
    const page = answer.headers.get('location');
    if (answer.status === 303 && page) {
      await fetch(`${page.split('?')[0]}/pay`, { method: 'POST', redirect: 'manual' }).then((paid) =>
        paid.arrayBuffer(),
      );
      return;
    }
    if (Date.now() > end) throw new Error(`The payment page does not open: ${answer.status}`);
  }
}
