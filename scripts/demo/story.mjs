import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../prepare.mjs';
import { call, must, paymentPage, press, until } from './api.mjs';
import { mailWithTickets } from './mail.mjs';

const say = (text) => console.log(`  ${text}`);
const money = ({ amount, currency }) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount / 100);

/** Of the place where the demo's event happens. */
const TIMEZONE = 'Europe/Warsaw';
const timeFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: TIMEZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const time = (iso) => timeFormat.format(new Date(iso));

export async function runDemo(platform) {
  const folder = folderOfThisRun(platform);
  const signIn = async (role) => {
    const { email, password } = platform.demo?.[role] ?? { email: `${role}@demo.example`, password: 'demo-password-1' };
    const { accessToken } = await call(platform.gateway, undefined, 'POST', '/auth/token', {
      body: { grantType: 'password', email, password },
      expect: 200,
    });
    return (method, path, options) => call(platform.gateway, accessToken, method, path, options);
  };
  const [organizer, scanner, buyer] = [await signIn('organizer'), await signIn('scanner'), await signIn('buyer')];
  const sale = await newSale(organizer);
  say(`✓ Olga, an organizer, puts “${sale.title}” on sale: ${sale.capacity} tickets at ${money(sale.price)}.`);

  const order = await buyAndPay(buyer, sale);
  await files(platform, buyer, order, folder);
  await admission(buyer, scanner, order, sale);
  await soldOut(buyer, sale);
  await abandoned(platform, buyer, sale);
  await latePayment(platform, buyer, sale);
  await refund(buyer, order, sale);
  say(`Tickets and mail of this run: ${relative(process.cwd(), folder) || '.'}`);
}

/** Beside the platform's own data; a platform of the demo's own takes its data with it. */
function folderOfThisRun({ own, dataDirectory }) {
  const all = join(own ? join(root, '.data') : dataDirectory, 'demo');
  mkdirSync(all, { recursive: true, mode: 0o700 });
  const begun = new Date().toLocaleString('sv').replace(' ', '_').replaceAll(':', '-');
  return mkdtempSync(join(all, `${begun}-`));
}

async function newSale(organizer) {
  const { data } = await organizer('GET', '/organizations', { expect: 200 });
  const organization = data.find(({ slug }) => slug === 'demo-concerts');
  const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const title = `Demo of ${new Date().toLocaleString('sv', { timeZone: TIMEZONE })}`;
  const venue = { name: 'Small Hall', city: 'Gdańsk', country: 'PL', latitude: 54.352, longitude: 18.6466 };
  const event = await organizer('POST', '/events', {
    body: {
      organizationId: organization.id,
      title,
      venue,
      startsAt: at(48),
      endsAt: at(51),
      timezone: TIMEZONE,
    },
    expect: 201,
  });
  const price = { amount: 4500, currency: 'EUR' };
  const type = await organizer('POST', `/events/${event.id}/ticket-types`, {
    body: { name: 'Standing', price, capacity: 4 },
    expect: 201,
  });
  await organizer('POST', `/events/${event.id}/publish`, { expect: 200 });
  return { title, eventId: event.id, typeId: type.id, price, capacity: 4 };
}

const left = async (buyer, { eventId }) =>
  (await buyer('GET', `/events/${eventId}/availability`, { expect: 200 })).ticketTypes[0].available;
const place = (buyer, { eventId, typeId }, quantity, expect = 201) =>
  buyer('POST', '/orders', {
    body: { eventId, items: [{ ticketTypeId: typeId, quantity }] },
    headers: { 'idempotency-key': crypto.randomUUID() },
    expect,
  });
const orderOf = (buyer, { id }) => buyer('GET', `/orders/${id}`, { expect: 200 });
const becomes = (buyer, order, status, seconds) =>
  until(
    `the order is ${status}`,
    () => orderOf(buyer, order),
    (one) => one.status === status,
    seconds,
  );

async function buyAndPay(buyer, sale) {
  const order = await place(buyer, sale, 2);
  must('a hold takes its stock at once', (await left(buyer, sale)) === 2);
  say(`✓ Bea, a buyer, holds 2 tickets for ${money(order.total)} until ${time(order.expiresAt)}; 2 are left.`);
  const page = await paymentPage(order.checkoutUrl);
  await press(page, 'decline');
  must('a refused card is no end', (await orderOf(buyer, order)).status === 'pending');
  say('✓ Her first card is refused; the hold stays.');
  await press(page, 'pay');
  const begun = Date.now();
  const confirmed = await becomes(buyer, order, 'confirmed');
  must('a paid order has exactly its tickets', confirmed.tickets.length === 2);
  say(
    `✓ Her second card pays; ${Date.now() - begun} ms later the order is confirmed, with tickets ${confirmed.tickets.map(({ number }) => number).join(' and ')}.`,
  );
  return confirmed;
}

async function files(platform, buyer, order, folder) {
  const [ticket] = order.tickets;
  const saved = async (name, path) => {
    const file = join(folder, name);
    writeFileSync(file, await buyer('GET', path, { expect: 200 }));
    return relative(process.cwd(), file);
  };
  say(
    `✓ The QR code: ${await saved('ticket.svg', `/tickets/${ticket.id}/qr?kind=static`)}; the ticket to print: ${await saved('ticket.pdf', `/tickets/${ticket.id}/pdf`)}.`,
  );
  const mail = await mailWithTickets(platform.mailbox, order);
  const raw = join(folder, 'mail.eml');
  writeFileSync(raw, mail.source);
  say(`✓ The mail “${mail.subject}” with the PDF attached: ${relative(process.cwd(), raw)}.`);
}

async function admission(buyer, scanner, order, sale) {
  const [ticket] = order.tickets;
  const { code, expiresAt } = await buyer('GET', `/tickets/${ticket.id}/qr?format=json`, { expect: 200 });
  say(`✓ The code on Bea's screen changes every 30 seconds; this one is taken until ${time(expiresAt)}.`);
  const first = await scanner('POST', '/tickets/checkin', {
    body: { code, eventId: sale.eventId, gate: 'North' },
    expect: 200,
  });
  say(`✓ Sam, at the door, scans it: welcome (gate ${first.gate}).`);
  const second = await scanner('POST', '/tickets/checkin', {
    body: { code, eventId: sale.eventId, gate: 'South' },
    expect: 409,
  });
  must(
    'a ticket admits once',
    second.code === 'already-checked-in' && second.gate === 'North' && second.checkedInAt === first.checkedInAt,
  );
  say(`✓ A copy of it at gate South is refused: used at gate ${second.gate} at ${time(second.checkedInAt)}.`);
  const forged = await scanner('POST', '/tickets/checkin', { body: { code: code.slice(0, -3) + 'AAA' }, expect: 409 });
  must('a forged code admits nobody', forged.code === 'invalid-code');
  say('✓ A forged code is refused too.');
}

async function soldOut(buyer, sale) {
  const refused = await place(buyer, sale, 3, 409);
  must('nobody is oversold', refused.code === 'sold-out' && refused.available[0].available === 2);
  say(`✓ Whoever asks for 3 of the last 2 is told so: ${refused.detail}`);
}

async function abandoned(platform, buyer, sale) {
  const order = await place(buyer, sale, 2);
  const page = await paymentPage(order.checkoutUrl);
  must('the last tickets are held', (await left(buyer, sale)) === 0);
  if (platform.own) {
    say('· Somebody holds the last 2 and walks away from the payment page …');
  } else {
    // Holds of a platform in use last minutes: its payment page has a button that ends the session early.
    say('· Somebody holds the last 2; the payment page ends the session …');
    await press(page, 'expire');
  }
  const ended = await becomes(buyer, order, 'expired', 60);
  must('the stock of an abandoned order comes back by itself', (await left(buyer, sale)) === 2);
  say(`✓ … the order ends (${ended.reason}) and both are on sale again.`);
}

/** payment-service is halted, so that the order ends before the money is heard of: what a slow network or a restart does. */
async function latePayment(platform, buyer, sale) {
  const order = await place(buyer, sale, 1);
  const page = await paymentPage(order.checkoutUrl);
  const pid = platform.pidOf('payment-service');
  process.kill(pid, 'SIGSTOP');
  try {
    await buyer('POST', `/orders/${order.id}/cancel`, { expect: 200 });
    await press(page, 'pay');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  say('· Somebody cancels and pays all the same, while payment-service is halted …');
  const settled = await until(
    'the late money goes back',
    () => orderOf(buyer, order),
    (one) => one.refunded.amount === order.total.amount,
  );
  must(
    'late money buys nothing and comes back in full',
    settled.status === 'cancelled' && settled.tickets.length === 0 && settled.refundPending.amount === 0,
  );
  must('the stock is still on sale', (await left(buyer, sale)) === 2);
  say(`✓ … the payment arrives late and ${money(settled.refunded)} go back: nobody pays for nothing.`);
}

async function refund(buyer, order, sale) {
  const [, unused] = order.tickets;
  await buyer('DELETE', `/tickets/${unused.id}`, { expect: 202 });
  must('a returned ticket is on sale again at once', (await left(buyer, sale)) === 3);
  const refunded = await until(
    'the refund',
    () => orderOf(buyer, order),
    (one) => one.refundPending.amount === 0,
  );
  const payment = await buyer('GET', `/payments/orders/${order.id}`, { expect: 200 });
  must(
    'the books agree',
    payment.refunded.amount === refunded.refunded.amount && refunded.refunded.amount === sale.price.amount,
  );
  say(`✓ Bea gives her unused ticket back: ${money(refunded.refunded)} returned, 3 tickets on sale.`);
}
