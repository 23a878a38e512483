import { z } from 'zod';
import { Id, Money, page, PageQuery, Person, text } from './fields.js';
import { operation, type ResourceRule } from './operation.js';
import { Ticket } from './tickets.js';

const tag = 'orders';
const service = 'ticket-api';
const ofOrder = (...anyOf: ('self' | 'organizer' | 'owner')[]) => ({
  resource: 'order' as const,
  param: 'orderId',
  anyOf,
});
/** Stock and money go back also while the organization is suspended. */
const givingBack = <const Rule extends ResourceRule>(rule: Rule) => ({ ...rule, evenSuspended: true }) as const;

export const OrderStatus = z.enum(['pending', 'confirmed', 'expired', 'cancelled', 'refunded']);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** Why an order ended. Clients must expect further values. */
export const EndReason = z.enum([
  'payment-failed',
  'payment-expired',
  'hold-expired',
  'buyer',
  'organizer',
  'event-cancelled',
  'late-payment',
  'refund',
  'resold',
]);
export type EndReason = z.infer<typeof EndReason>;

export const OrderItem = z.object({ ticketTypeId: Id, name: z.string(), quantity: z.int(), unitPrice: Money });
export type OrderItem = z.infer<typeof OrderItem>;

/** An organizer gave the price of used tickets back, against the rule. */
export const RefundOverride = z.object({
  refundId: Id,
  ticketIds: z.array(Id),
  amount: Money,
  reason: z.string(),
  by: Person,
  createdAt: z.string(),
});

export const Order = z.object({
  id: Id,
  userId: Id,
  eventId: Id,
  status: OrderStatus,
  reason: z.string().optional(),
  items: z.array(OrderItem),
  total: Money,
  refunded: Money,
  refundPending: Money,
  expiresAt: z.string().nullable(),
  checkoutUrl: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  tickets: z.array(Ticket),
  /** For the event's organizers only. */
  refundOverrides: z.array(RefundOverride).optional(),
});
export type Order = z.infer<typeof Order>;

const Lines = z
  .array(z.strictObject({ ticketTypeId: Id, quantity: z.int().min(1).max(10_000) }))
  .min(1)
  .max(20)
  .refine(
    (lines) => new Set(lines.map((line) => line.ticketTypeId)).size === lines.length,
    'name each ticketTypeId once',
  );

export const PlaceOrder = z.strictObject({ eventId: Id, items: Lines });
export type PlaceOrder = z.infer<typeof PlaceOrder>;

/** Of a hold made before, or of a new one. */
export const PurchaseTickets = z.union([z.strictObject({ orderId: Id }), PlaceOrder]);
export type PurchaseTickets = z.infer<typeof PurchaseTickets>;

/** `override`: an organizer pays for tickets that were used, which are named and stay used. */
export const RefundOrder = z
  .strictObject({
    ticketIds: z.array(Id).min(1).max(10_000).optional(),
    override: z.strictObject({ reason: text(500) }).optional(),
  })
  .refine(({ ticketIds, override }) => !override || ticketIds, {
    path: ['ticketIds'],
    message: 'names the tickets that the override is for',
  });
export type RefundOrder = z.infer<typeof RefundOrder>;

const placing = ['sold-out', 'sales-closed', 'limit-exceeded', 'not-found'] as const;
const refunding = [
  'ticket-checked-in',
  'ticket-transferred',
  'refund-closed',
  'nothing-to-refund',
  'ticket-frozen',
] as const;

export const placeOrder = operation({
  id: 'placeOrder',
  tag,
  service,
  summary: 'Hold tickets and get the address to pay at',
  method: 'POST',
  path: '/orders',
  access: 'person',
  body: PlaceOrder,
  responses: { 201: Order },
  problems: placing,
  idempotent: true,
});
export const listOrders = operation({
  id: 'listOrders',
  tag,
  service,
  summary: 'My orders, newest first',
  method: 'GET',
  path: '/orders',
  access: 'person',
  query: PageQuery,
  responses: { 200: page(Order) },
});
export const getOrder = operation({
  id: 'getOrder',
  tag,
  service,
  summary: 'One order',
  method: 'GET',
  path: '/orders/:orderId',
  access: ofOrder('self', 'organizer', 'owner'),
  scopes: ['orders:read'],
  responses: { 200: Order },
});
export const cancelOrder = operation({
  id: 'cancelOrder',
  tag,
  service,
  summary: 'Give a hold back',
  method: 'POST',
  path: '/orders/:orderId/cancel',
  access: ofOrder('self'),
  responses: { 200: Order },
  problems: ['order-ended', 'refund-required', 'ticket-checked-in', 'ticket-transferred'],
  idempotent: true,
});
export const refundOrder = operation({
  id: 'refundOrder',
  tag,
  service,
  summary: 'Give tickets back for their money',
  method: 'POST',
  path: '/orders/:orderId/refund',
  access: givingBack(ofOrder('self', 'organizer', 'owner')),
  scopes: ['orders:write'],
  body: RefundOrder.optional(),
  responses: { 202: Order },
  problems: refunding,
  idempotent: true,
});
export const returnTicket = operation({
  id: 'returnTicket',
  tag: 'tickets',
  service,
  summary: 'Give this one ticket back',
  method: 'DELETE',
  path: '/tickets/:ticketId',
  access: givingBack({ resource: 'ticket', param: 'ticketId', anyOf: ['self', 'organizer', 'owner'] }),
  scopes: ['orders:write'],
  responses: { 202: Order },
  problems: refunding,
  idempotent: true,
});

export const reserveTickets = operation({
  ...placeOrder,
  id: 'reserveTickets',
  tag: 'tickets',
  summary: 'Hold tickets, pay later',
  path: '/tickets/reserve',
});
export const purchaseTickets = operation({
  ...placeOrder,
  id: 'purchaseTickets',
  tag: 'tickets',
  summary: 'Pay for a hold, or hold and pay',
  path: '/tickets/purchase',
  body: PurchaseTickets,
  problems: [...placing, 'order-ended'],
});

const bookings = 'bookings';
export const createBooking = operation({
  ...placeOrder,
  id: 'createBooking',
  tag: bookings,
  summary: 'An order, by its other name',
  path: '/mgmt/bookings',
});
export const getBooking = operation({ ...getOrder, id: 'getBooking', tag: bookings, path: '/mgmt/bookings/:orderId' });
export const BookingsOfUser = z.object({
  data: z.array(
    z.object({ event: z.object({ id: Id, title: z.string(), startsAt: z.string() }), bookings: z.array(Order) }),
  ),
});
export type BookingsOfUser = z.infer<typeof BookingsOfUser>;
export const listBookingsOfUser = operation({
  id: 'listBookingsOfUser',
  tag: bookings,
  service,
  summary: "A person's orders by event: one's own, or those for events one organizes",
  method: 'GET',
  path: '/mgmt/bookings/user/:userId',
  access: 'person',
  scopes: ['orders:read'],
  responses: { 200: BookingsOfUser },
  problems: ['forbidden'],
});
export const confirmBooking = operation({
  id: 'confirmBooking',
  tag: bookings,
  service,
  summary: 'Paid outside, at the desk',
  method: 'PUT',
  path: '/mgmt/bookings/:orderId/confirm',
  access: ofOrder('organizer', 'owner'),
  scopes: ['orders:write'],
  responses: { 200: Order },
  problems: ['order-ended'],
  idempotent: true,
});
export const cancelBooking = operation({
  ...cancelOrder,
  id: 'cancelBooking',
  tag: bookings,
  method: 'PUT',
  path: '/mgmt/bookings/:orderId/cancel',
  access: givingBack(ofOrder('self', 'organizer', 'owner')),
  scopes: ['orders:write'],
});
export const refundBooking = operation({
  ...refundOrder,
  id: 'refundBooking',
  tag: bookings,
  method: 'PUT',
  path: '/mgmt/bookings/:orderId/refund',
});
