import type { FactsOf, MailKind } from '../mails/mail-kinds.js';

const id = '01936f5e-7a10-7c3b-8f41-2f6d0c9a1b2c';
const money = (amount: number) => ({ amount, currency: 'EUR' });
const buyer = { id, name: 'Zoë Łukasiewicz', email: 'zoe@example.com' };
const event = {
  id,
  title: 'Nacht der Töne',
  startsAt: '2026-12-12T19:00:00Z',
  endsAt: '2026-12-12T22:30:00Z',
  timezone: 'Europe/Berlin',
  venue: { name: 'Große Halle', address: 'Am Ufer 12', city: 'Berlin' },
  organizer: { name: 'Klub Wytwórnia', replyTo: 'hello@klub.example' },
};
const recipient = { userId: id, name: buyer.name, orderId: id, ticketsOf: id, tickets: 2 };
const order = { orderId: id, event, buyer };
const transfer = { transferId: id, ticketId: id, event, from: buyer };
const mia = { id: '01936f5e-7a10-7c3b-8f41-2f6d0c9a1b2d', name: 'Mia Ñandú', email: 'mia@example.com' };

/** Facts of one mail of each kind. */
export const facts: { [Kind in MailKind]: FactsOf<Kind> } = {
  'email-verification': {
    userId: id,
    name: 'Zoë',
    email: 'zoe@example.com',
    token: 'q3V0p1fXz8cWmT2yGx5hLr7aKd9sUe4bNw6jQoIiYtE',
    expiresAt: '2026-11-22T12:00:00Z',
  },
  'password-reset': {
    userId: id,
    name: 'Zoë',
    email: 'zoe@example.com',
    token: 'Xc8eWmT2yGx5hLr7aKd9sUe4bNw6jQoIiYtEq3V0p1f',
    expiresAt: '2026-11-22T12:00:00Z',
  },
  'account-secured': {
    userId: id,
    name: 'Zoë',
    email: 'zoe@example.com',
    change: 'password-changed',
    at: '2026-11-22T12:00:00Z',
  },
  'member-invited': {
    invitationId: id,
    organizationName: 'Halle 7',
    email: 'door@example.com',
    role: 'scanner',
    invitedBy: 'Mara Ó Briain',
    expiresAt: '2026-11-28T12:00:00Z',
  },
  'order-confirmed': {
    ...order,
    items: [
      { ticketTypeId: id, name: 'Early bird', quantity: 2, unitPrice: money(4500) },
      { ticketTypeId: id, name: 'Standing', quantity: 1, unitPrice: money(2950) },
    ],
    total: money(11950),
    how: 'paid',
    ticketIds: [id, id, id],
  },
  'transfer-offered': { ...transfer, email: 'mia@example.com', expiresAt: '2026-11-28T12:00:00Z' },
  'ticket-received': { ...transfer, to: mia },
  'transfer-accepted': { ...transfer, to: mia },
  'transfer-ended': { ...transfer, email: 'mia@example.com', status: 'declined', reason: 'addressee' },
  'ticket-taken-back': { ticketId: id, event, holder: mia, reason: 'organizer' },
  'event-changed': {
    ...{ event, ...recipient, refundsOpen: true },
    before: {
      ...event,
      title: 'Nacht der Tone',
      startsAt: '2026-12-11T19:00:00Z',
      endsAt: '2026-12-11T22:30:00Z',
      venue: { name: 'Kleine Halle', address: null, city: 'Potsdam' },
    },
  },
  'event-cancelled': { event, ...recipient, orderId: null, tickets: 1 },
  'event-reminder': {
    ...{ event, ...recipient, boughtBefore: '2026-12-11T19:00:00Z' },
    unsubscribe: 'AAGTb156EHw7j0EvbQyaGywBk29eehB8O49BL20MmhssmJ8fPp1Zb0m4yT1u5bC8mI2iQzYp6cNw3x0a',
  },
  'account-erased': { userId: id, email: 'zoe@example.com' },
  'order-expired': { ...order, reason: 'hold-expired' },
  'order-cancelled': { ...order, reason: 'buyer' },
  'order-unfulfillable': { ...order, refundId: id, paymentId: id, amount: money(9000), reason: 'sold-out' },
  'waiting-list-offer': {
    ...order,
    entryId: id,
    items: [{ ticketTypeId: id, name: 'Early bird', quantity: 2, unitPrice: money(4500) }],
    total: money(9000),
    expiresAt: '2026-11-22T12:00:00Z',
    checkoutUrl: 'https://tickets.example/api/v1/payments/checkout/01936f5e-7a10-7c3b-8f41-2f6d0c9a1b2c?s=q3V0p1fXz8c',
  },
  'ticket-listed': { ...order, ticketId: id, listingId: id, price: money(4500) },
  'listing-ended': { ...order, ticketId: id, listingId: id, price: money(4500), reason: 'unsold' },
  'refund-requested': { ...order, refundId: id, ticketIds: [id, id], amount: money(9000), reason: 'buyer' },
};
