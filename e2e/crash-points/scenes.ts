import { eventually } from '../support/client.js';
import { asOwner } from '../support/owner.js';
import { press } from '../support/payment-page.js';
import { PASSWORD } from '../support/people.js';
import type { Held, Shopper } from './shopper.js';
import { PRICE, type Theatre } from './theatre.js';

/** What a scene leaves behind, as its client was told. */
export interface Outcome {
  shopper: Shopper;
  held: Held;
  status: 'confirmed' | 'refunded' | 'expired' | 'cancelled';
  /** Money that the buyer gave and got back, in cents. */
  paid: number;
  refunded: number;
  /** Tickets that still count. */
  tickets: number;
  /** Different mails about it; null when none can arrive. */
  mails: number | null;
}

export interface Scene {
  /** Messages for whose sake it is played again: each is in one scene's list. */
  tells: readonly string[];
  play(theatre: Theatre, shopper: Shopper): Promise<Outcome[]>;
}

const NOTHING = { paid: 0, refunded: 0, tickets: 0 };

const bought: Scene['play'] = async (theatre, shopper) => {
  const held = await theatre.buy(shopper, 2);
  await theatre.organizer.act(202, 'POST', `/orders/${held.id}/resend-mail`);
  const { tickets } = await shopper.client.read(`/orders/${held.id}`);
  await shopper.act(202, 'DELETE', `/tickets/${tickets[0].id}`);
  await shopper.see(held, ({ refunded }) => refunded.amount === PRICE);
  await shopper.act(202, 'POST', `/orders/${held.id}/refund`);
  await shopper.see(held, ({ status, refunded }) => status === 'refunded' && refunded.amount === 2 * PRICE);
  return [{ shopper, held, status: 'refunded', paid: 2 * PRICE, refunded: 2 * PRICE, tickets: 0, mails: 4 }];
};

/** Its checkout is opened and left; meanwhile somebody asks what became of it. */
const abandoned: Scene['play'] = async (theatre, shopper) => {
  const held = await shopper.hold();
  await theatre.openPage(shopper, held);
  await shopper.seeStep(held, 'checkout-opened');
  await theatre.organizer.act(202, 'POST', `/orders/${held.id}/recheck`);
  await theatre.endHold(held);
  await shopper.see(held, ({ status }) => status === 'expired');
  return [{ shopper, held, status: 'expired', ...NOTHING, mails: 1 }];
};

const neverOpened: Scene['play'] = async (theatre, shopper) => {
  const held = await shopper.hold();
  await theatre.endHold(held);
  await shopper.see(held, ({ status }) => status === 'expired');
  return [{ shopper, held, status: 'expired', ...NOTHING, mails: 1 }];
};

const failed: Scene['play'] = async (theatre, shopper) => {
  const held = await shopper.hold();
  await press(await theatre.openPage(shopper, held), 'fail');
  await shopper.see(held, ({ status }) => status === 'expired');
  return [{ shopper, held, status: 'expired', ...NOTHING, mails: 1 }];
};

/** The money comes when nobody wants it any more: the news of it are late, and the order is cancelled before. */
const paidButCancelled: Scene['play'] = async (theatre, shopper) => {
  const { simulator } = theatre;
  const held = await shopper.hold();
  const page = await theatre.openPage(shopper, held);
  await simulator.tell('PUT', '/webhooks', { drop: true, types: ['checkout.session.completed'] });
  await press(page, 'pay');
  await shopper.act(200, 'POST', `/orders/${held.id}/cancel`);
  await simulator.tell('PUT', '/webhooks', {});
  await simulator.tell('POST', '/webhooks/resend');
  await shopper.see(held, ({ refunded, refundPending }) => refunded.amount === PRICE && refundPending.amount === 0);
  return [{ shopper, held, status: 'cancelled', paid: PRICE, refunded: PRICE, tickets: 0, mails: 2 }];
};

/** The provider takes a refund back that it had made; an organizer has it made again. */
const refundFails: Scene['play'] = async (theatre, shopper) => {
  const { simulator, organizer } = theatre;
  const held = await theatre.buy(shopper);
  await shopper.act(202, 'POST', `/orders/${held.id}/refund`);
  await shopper.see(held, ({ refunded }) => refunded.amount === PRICE);
  const [refund] = await simulator.refundsOf(await simulator.paymentIntentOf(held.id));
  await simulator.tell('POST', `/refunds/${refund}/fail`, {});
  await shopper.see(held, ({ refundPending }) => refundPending.amount === PRICE);
  const { data } = await organizer.client.read('/mgmt/refunds?limit=100');
  const { id } = data.find(({ orderId }: { orderId: string }) => orderId === held.id);
  await organizer.act(202, 'POST', `/mgmt/refunds/${id}/retry`);
  await shopper.see(held, ({ refunded, refundPending }) => refunded.amount === PRICE && refundPending.amount === 0);
  return [{ shopper, held, status: 'refunded', paid: PRICE, refunded: PRICE, tickets: 0, mails: 2 }];
};

/** Somebody gives a part back in the provider's dashboard, then the rest: with it the tickets go. */
const refundedByHand: Scene['play'] = async (theatre, shopper) => {
  const { simulator } = theatre;
  const held = await theatre.buy(shopper, 2);
  const paymentIntent = await simulator.paymentIntentOf(held.id);
  const part = 1000;
  await simulator.refundByHand(paymentIntent, part);
  await shopper.see(held, ({ status, refunded }) => status === 'confirmed' && refunded.amount === part);
  await simulator.refundByHand(paymentIntent, 2 * PRICE - part);
  await shopper.see(held, ({ status, refunded }) => status === 'refunded' && refunded.amount === 2 * PRICE);
  return [{ shopper, held, status: 'refunded', paid: 2 * PRICE, refunded: 2 * PRICE, tickets: 0, mails: 1 }];
};

const disputed: Scene['play'] = async (theatre, shopper) => {
  const { simulator } = theatre;
  const held = await theatre.buy(shopper);
  const paymentIntent = await simulator.paymentIntentOf(held.id);
  const { id } = await simulator.tell('POST', '/disputes', { paymentIntent });
  await shopper.see(held, ({ tickets }) => tickets[0].status === 'frozen');
  await simulator.tell('POST', `/disputes/${id}/close`, { outcome: 'won' });
  await shopper.see(held, ({ tickets }) => tickets[0].status === 'valid');
  return [{ shopper, held, status: 'confirmed', paid: PRICE, refunded: 0, tickets: 1, mails: 1 }];
};

const providerAway: Scene['play'] = async (theatre, shopper) => {
  const held = await shopper.hold();
  if (await theatre.failToOpenPage(shopper, held)) await shopper.seeStep(held, 'hold-prolonged');
  await shopper.act(200, 'POST', `/orders/${held.id}/cancel`);
  return [{ shopper, held, status: 'cancelled', ...NOTHING, mails: 1 }];
};

const soldAtDesk: Scene['play'] = async ({ organizer }, shopper) => {
  const held = await shopper.hold();
  await organizer.act(200, 'PUT', `/mgmt/bookings/${held.id}/confirm`);
  return [{ shopper, held, status: 'confirmed', paid: 0, refunded: 0, tickets: 1, mails: 1 }];
};

/** A mail is given up after five refusals, which take hours: the first four are made to lie behind it. */
const mailRefused: Scene['play'] = async ({ stage: { mails, platform } }, shopper) => {
  const { email } = shopper;
  const others = mails.refuseRecipient;
  mails.refuseRecipient = (to) => (to === email ? { code: 550, text: 'nobody here' } : others(to));
  const held = await shopper.hold();
  await shopper.act(200, 'POST', `/orders/${held.id}/cancel`);
  const hurry = `update mails set refusals = 4, next_attempt_at = now()
    where recipient = $1 and kind = 'order-cancelled' and status = 'queued' and refusals = 1 returning id`;
  const refused = () => asOwner(platform, hurry, [email], 'notification_service');
  await eventually('the first refusal', refused, (rows) => rows.length === 1, 60_000);
  await shopper.seeStep(held, 'mail-failed');
  return [{ shopper, held, status: 'cancelled', ...NOTHING, mails: null }];
};

/** The last ticket of a type of its own: listed, taken back, listed again, and bought by somebody who waited for it. */
const resold: Scene['play'] = async (theatre, shopper) => {
  const { organizer, selling, stage } = theatre;
  await organizer.act(200, 'PATCH', `/events/${selling.eventId}`, { waitingList: true, resaleAllowed: true });
  const type = { name: 'Box', price: { amount: PRICE, currency: 'EUR' }, capacity: 1 };
  const { body } = await organizer.act(201, 'POST', `/events/${selling.eventId}/ticket-types`, type);
  const held = await theatre.buy(shopper, 1, { eventId: selling.eventId, typeId: body.id });
  const [{ id: ticketId }] = (await shopper.client.read(`/orders/${held.id}`)).tickets;
  const waiting = await theatre.shopper();
  const proven = 'update users set email_verified_at = now() where email = $1';
  await asOwner(stage.platform, proven, [waiting.email], 'ticket_api');
  await shopper.act(201, 'POST', `/tickets/${ticketId}/resale`);
  await shopper.act(200, 'DELETE', `/tickets/${ticketId}/resale`);
  await waiting.act(201, 'POST', `/events/${selling.eventId}/ticket-types/${body.id}/waiting-list`);
  await shopper.act(201, 'POST', `/tickets/${ticketId}/resale`);
  const [{ offer }] = await eventually(
    'the offer',
    async () => (await waiting.client.read('/waiting-list')).data,
    ([entry]) => entry?.status === 'offered',
    60_000,
  );
  const order = await waiting.client.read(`/orders/${offer.orderId}`);
  await press(await theatre.openPage(waiting, order), 'pay');
  await waiting.see(order, ({ status }) => status === 'confirmed');
  await shopper.see(held, ({ status, refunded }) => status === 'refunded' && refunded.amount === PRICE);
  return [{ shopper, held, status: 'refunded', paid: PRICE, refunded: PRICE, tickets: 0, mails: 5 }];
};

/** The friend says no at first; in the end the organizer gives the ticket back. */
const handedOn: Scene['play'] = async (theatre, shopper) => {
  const held = await theatre.buy(shopper);
  const [{ id: ticketId }] = (await shopper.client.read(`/orders/${held.id}`)).tickets;
  const friend = await theatre.shopper();
  const proven = 'update users set email_verified_at = now() where email = $1';
  await asOwner(theatre.stage.platform, proven, [friend.email], 'ticket_api');
  for (const answer of ['decline', 'accept']) {
    const { body } = await shopper.act(201, 'POST', `/tickets/${ticketId}/transfer`, { email: friend.email });
    await friend.act(200, 'POST', `/tickets/transfers/${body.id}/${answer}`);
  }
  await theatre.organizer.act(202, 'POST', `/orders/${held.id}/refund`);
  await shopper.see(held, ({ status, refunded }) => status === 'refunded' && refunded.amount === PRICE);
  return [{ shopper, held, status: 'refunded', paid: PRICE, refunded: PRICE, tickets: 0, mails: 4 }];
};

/** Orders that arrive together travel together. */
const together: Scene['play'] = async (_theatre, shopper) => {
  const all = await Promise.all(Array.from({ length: 8 }, () => shopper.hold()));
  await Promise.all(all.map(({ id }) => shopper.act(200, 'POST', `/orders/${id}/cancel`)));
  return all.map((held) => ({ shopper, held, status: 'cancelled', ...NOTHING, mails: 1 }));
};

/** An event that becomes another one, comes near and is cancelled: who has a ticket is told each time. */
const announced: Scene['play'] = async (theatre, shopper) => {
  const event = await theatre.announce();
  const held = await shopper.hold(2, event);
  await theatre.organizer.act(200, 'PATCH', `/events/${event.eventId}`, { title: 'Blues' });
  await theatre.seeMail(shopper, 'event-changed');
  await theatre.comeNear(event.eventId);
  await theatre.seeMail(shopper, 'event-reminder');
  await theatre.organizer.act(202, 'POST', `/events/${event.eventId}/cancel`);
  await theatre.seeMail(shopper, 'event-cancelled');
  await shopper.see(held, ({ status }) => status === 'refunded');
  return [{ shopper, held, status: 'refunded', ...NOTHING, mails: 4 }];
};

/** A new account is all that it takes. */
const newcomer: Scene['play'] = async () => [];

/** The new password is the old one, so that the change may be repeated when its answer was lost. */
const forgetful: Scene['play'] = async (_theatre, shopper) => {
  await shopper.act(202, 'POST', '/auth/forgot-password', { email: shopper.email });
  await shopper.act(204, 'PUT', '/users/me/password', { currentPassword: PASSWORD, newPassword: PASSWORD });
  return [];
};

const leaver: Scene['play'] = async (_theatre, shopper) => {
  await shopper.act(204, 'DELETE', '/users/me');
  return [];
};

const invitation: Scene['play'] = async ({ organizer, selling }) => {
  const member = { email: `scanner-${Date.now().toString(36)}@example.com`, role: 'scanner' };
  await organizer.act(201, 'POST', `/organizations/${selling.organizationId}/members`, member);
  return [];
};

/** In which every message that there is gets told. */
export const SCENES: readonly Scene[] = [
  { play: paidButCancelled, tells: ['order.unfulfillable.v1'] },
  { play: providerAway, tells: ['payment.unavailable.v1', 'order.hold-prolonged.v1'] },
  { play: bought, tells: ['payment.succeeded.v1', 'order.confirmed.v1', 'order.mail-requested.v1'] },
  { play: abandoned, tells: ['payment.opened.v1', 'order.recheck-requested.v1', 'payment.expired.v1'] },
  { play: neverOpened, tells: ['order.expired.v1'] },
  { play: failed, tells: ['payment.failed.v1'] },
  {
    play: refundFails,
    tells: [
      'order.refund-requested.v1',
      'payment.refunded.v1',
      'payment.refund-failed.v1',
      'payment.refund-taken-up.v1',
    ],
  },
  { play: refundedByHand, tells: [] },
  { play: disputed, tells: ['payment.disputed.v1', 'payment.dispute-closed.v1'] },
  { play: soldAtDesk, tells: ['mail.queued.v1', 'mail.sent.v1'] },
  { play: mailRefused, tells: ['mail.failed.v1', 'order.cancelled.v1'] },
  { play: together, tells: ['order.reserved.v1'] },
  { play: resold, tells: ['waiting-list.offered.v1', 'ticket.listed.v1', 'ticket.listing-ended.v1'] },
  {
    play: handedOn,
    tells: ['ticket.transfer-offered.v1', 'ticket.transferred.v1', 'ticket.transfer-ended.v1', 'ticket.taken-back.v1'],
  },
  { play: announced, tells: ['event.changed.v1', 'event.reminder-due.v1', 'event.cancelled.v1'] },
  { play: newcomer, tells: ['user.email-verification-requested.v1'] },
  { play: forgetful, tells: ['user.password-reset-requested.v1', 'user.account-secured.v1'] },
  { play: leaver, tells: ['user.erased.v1'] },
  { play: invitation, tells: ['organization.member-invited.v1'] },
];
