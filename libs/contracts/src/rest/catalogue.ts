import { z } from 'zod';
import { Id, Instant, longText, Money, page, PageQuery, text } from './fields.js';
import { operation } from './operation.js';

const tag = 'catalogue';
const service = 'ticket-api';
const organizer = (resource: 'event', param: string) => ({ resource, param, anyOf: ['organizer', 'owner'] as const });

/** Every name that can be resolved, so also aliases (Asia/Kolkata, Europe/Kyiv), which `supportedValuesOf` leaves out; no offsets. */
function isTimeZone(zone: string): boolean {
  try {
    return /^[a-z]/i.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
const TimeZone = z.string().max(64).refine(isTimeZone, 'is an IANA time zone, such as Europe/Warsaw');

export const Venue = z.strictObject({
  name: text(200),
  address: text(300).optional(),
  city: text(100).optional(),
  country: text(100).optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
});

const eventFields = {
  title: text(200),
  description: longText(20_000).optional(),
  /** Printed on every ticket. */
  terms: longText(2_000).nullable().optional(),
  venue: Venue,
  startsAt: Instant,
  endsAt: Instant,
  timezone: TimeZone,
  refundableUntil: Instant.optional(),
  waitingList: z.boolean().optional(),
  resaleAllowed: z.boolean().optional(),
  transfersAllowed: z.boolean().optional(),
  /** Whether who has entered may go out and come back. */
  reentryAllowed: z.boolean().optional(),
};
/** What lies in time order: an event ends after it starts. Fields that a change leaves out are judged by the service. */
const inOrder = (given: { startsAt?: string; endsAt?: string }) =>
  !given.startsAt || !given.endsAt || Date.parse(given.startsAt) < Date.parse(given.endsAt);

export const CreateEvent = z
  .strictObject({ organizationId: Id, ...eventFields })
  .refine(inOrder, { path: ['endsAt'], message: 'is after startsAt' });
export type CreateEvent = z.infer<typeof CreateEvent>;

/** `notify: false` spares holders of tickets the mail about what changes here: a comma in the title is no news. */
export const UpdateEvent = z
  .strictObject({ ...eventFields, notify: z.boolean() })
  .partial()
  .refine(inOrder, { path: ['endsAt'], message: 'is after startsAt' });
export type UpdateEvent = z.infer<typeof UpdateEvent>;

const MAX_CAPACITY = 10_000_000;
const typeFields = {
  name: text(100),
  price: Money,
  capacity: z.int().min(0).max(MAX_CAPACITY),
  maxPerOrder: z.int().min(1).max(1000),
  maxPerBuyer: z.int().min(1).max(MAX_CAPACITY).nullable(),
  salesStartAt: Instant.nullable(),
  salesEndAt: Instant.nullable(),
};
export const CreateTicketType = z.strictObject({
  ...typeFields,
  maxPerOrder: typeFields.maxPerOrder.default(10),
  maxPerBuyer: typeFields.maxPerBuyer.optional(),
  salesStartAt: typeFields.salesStartAt.optional(),
  salesEndAt: typeFields.salesEndAt.optional(),
});
export type CreateTicketType = z.infer<typeof CreateTicketType>;
export const UpdateTicketType = z.strictObject(typeFields).partial();
export type UpdateTicketType = z.infer<typeof UpdateTicketType>;

export const TicketType = z.object({
  id: Id,
  name: z.string(),
  price: Money,
  capacity: z.int(),
  available: z.int(),
  maxPerOrder: z.int(),
  maxPerBuyer: z.int().nullable(),
  salesStartAt: z.string().nullable(),
  salesEndAt: z.string().nullable(),
});
export type TicketType = z.infer<typeof TicketType>;

export const EventView = z.object({
  id: Id,
  organizationId: Id,
  title: z.string(),
  description: z.string().nullable(),
  terms: z.string().nullable(),
  status: z.enum(['draft', 'published', 'cancelled', 'past']),
  venue: z.object({
    name: z.string(),
    address: z.string().nullable(),
    city: z.string().nullable(),
    country: z.string().nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
  }),
  startsAt: z.string(),
  endsAt: z.string(),
  timezone: z.string(),
  refundableUntil: z.string(),
  /** Whether people may wait for tickets of a type that is sold out. */
  waitingList: z.boolean(),
  /** Whether buyers may give tickets back for resale. */
  resaleAllowed: z.boolean(),
  /** Whether holders may hand their tickets on. */
  transfersAllowed: z.boolean(),
  reentryAllowed: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
  ticketTypes: z.array(TicketType),
});
export type EventView = z.infer<typeof EventView>;

const SumOfRefunds = z.object({ count: z.int(), amounts: z.array(Money.extend({ amount: z.int().min(0) })) });
export const Cancellation = z.object({
  eventId: Id,
  begunAt: z.string(),
  /** When no order was left to end. */
  ordersEndedAt: z.string().nullable(),
  /** When the last of the money had moved too. */
  doneAt: z.string().nullable(),
  orders: z.object({ toEnd: z.int(), ended: z.int() }),
  /** `requested` are all of them. One that failed waits for a person. */
  refunds: z.object({ requested: SumOfRefunds, waiting: SumOfRefunds, moved: SumOfRefunds, failed: SumOfRefunds }),
});
export type Cancellation = z.infer<typeof Cancellation>;

export const Availability = z.object({ eventId: Id, ticketTypes: z.array(z.object({ id: Id, available: z.int() })) });
export type Availability = z.infer<typeof Availability>;

export const ListEvents = PageQuery.extend({ organizationId: Id.optional() });
export type ListEvents = z.infer<typeof ListEvents>;

export const createEvent = operation({
  id: 'createEvent',
  tag,
  service,
  summary: 'Draft an event',
  method: 'POST',
  path: '/events',
  access: 'person',
  scopes: ['events:write'],
  body: CreateEvent,
  responses: { 201: EventView },
  problems: ['forbidden', 'not-found', 'organization-suspended'],
  idempotent: true,
});
export const updateEvent = operation({
  id: 'updateEvent',
  tag,
  service,
  summary: 'Change an event',
  method: 'PATCH',
  path: '/events/:eventId',
  access: organizer('event', 'eventId'),
  scopes: ['events:write'],
  body: UpdateEvent,
  responses: { 200: EventView },
  problems: ['event-ended'],
});
export const publishEvent = operation({
  id: 'publishEvent',
  tag,
  service,
  summary: 'Put an event on sale',
  method: 'POST',
  path: '/events/:eventId/publish',
  access: organizer('event', 'eventId'),
  scopes: ['events:write'],
  responses: { 200: EventView },
  problems: ['event-ended'],
});
export const cancelEvent = operation({
  id: 'cancelEvent',
  tag,
  service,
  summary: 'Cancel an event: every order is ended or refunded',
  method: 'POST',
  path: '/events/:eventId/cancel',
  access: { ...organizer('event', 'eventId'), evenSuspended: true },
  scopes: ['events:write', 'orders:write'],
  responses: { 202: EventView },
  problems: ['event-ended'],
  idempotent: true,
});
export const getCancellation = operation({
  id: 'getCancellation',
  tag,
  service,
  summary: "How far a cancelled event's orders and refunds are",
  method: 'GET',
  path: '/events/:eventId/cancellation',
  access: organizer('event', 'eventId'),
  scopes: ['orders:read'],
  responses: { 200: Cancellation },
});
export const createTicketType = operation({
  id: 'createTicketType',
  tag,
  service,
  summary: 'Issue an inventory of tickets',
  method: 'POST',
  path: '/events/:eventId/ticket-types',
  access: organizer('event', 'eventId'),
  scopes: ['events:write'],
  body: CreateTicketType,
  responses: { 201: TicketType },
  problems: ['currency-mismatch', 'event-ended'],
  idempotent: true,
});
export const updateTicketType = operation({
  id: 'updateTicketType',
  tag,
  service,
  summary: 'Change a ticket type',
  method: 'PATCH',
  path: '/events/:eventId/ticket-types/:typeId',
  access: organizer('event', 'eventId'),
  scopes: ['events:write'],
  body: UpdateTicketType,
  responses: { 200: TicketType },
  problems: ['capacity-below-committed', 'currency-mismatch', 'event-ended'],
});
export const listEvents = operation({
  id: 'listEvents',
  tag,
  service,
  summary: 'Published events, soonest first',
  method: 'GET',
  path: '/events',
  access: 'anyone',
  scopes: ['events:read'],
  query: ListEvents,
  responses: { 200: page(EventView) },
});
export const getEvent = operation({
  id: 'getEvent',
  tag,
  service,
  summary: 'One event with its ticket types; for the public at most 1 s old',
  method: 'GET',
  path: '/events/:eventId',
  access: 'anyone',
  scopes: ['events:read'],
  optionalCaller: true,
  responses: { 200: EventView },
});
export const getAvailability = operation({
  id: 'getAvailability',
  tag,
  service,
  summary: 'What is left, at most 1 s old',
  method: 'GET',
  path: '/events/:eventId/availability',
  access: 'anyone',
  scopes: ['events:read'],
  optionalCaller: true,
  responses: { 200: Availability },
});
