import { z } from 'zod';
import { Id, page, PageQuery, Person } from './fields.js';
import { operation } from './operation.js';

const tag = 'waiting-list';
const service = 'ticket-api';

export const JoinWaitingList = z.strictObject({ quantity: z.int().min(1).max(1000).default(1) });
export type JoinWaitingList = z.infer<typeof JoinWaitingList>;

/** `bought`, `expired`: what became of the offer. `ended`: nothing was offered, and nothing will be. Clients must expect further values. */
export const WaitingStatus = z.enum(['waiting', 'offered', 'bought', 'expired', 'left', 'ended']);
export type WaitingStatus = z.infer<typeof WaitingStatus>;

export const WaitingEntry = z.object({
  id: Id,
  eventId: Id,
  ticketTypeId: Id,
  quantity: z.int(),
  status: WaitingStatus,
  /** Why it ended. */
  reason: z.string().optional(),
  /** Those who wait for this ticket type and came before, and oneself; null for who does not wait. */
  position: z.int().nullable(),
  /** The order that was placed for this person, and until when it is to be paid. */
  offer: z.object({ orderId: Id, expiresAt: z.string().nullable(), checkoutUrl: z.string().nullable() }).nullable(),
  createdAt: z.string(),
});
export type WaitingEntry = z.infer<typeof WaitingEntry>;

/** As the event's organizers see it. */
export const WaitingPerson = WaitingEntry.omit({ offer: true, eventId: true }).extend({
  person: Person,
  orderId: Id.nullable(),
});
export const WaitingListOfEvent = page(WaitingPerson).extend({
  types: z.array(
    z.object({ ticketTypeId: Id, name: z.string(), waiting: z.int(), tickets: z.int(), offered: z.int() }),
  ),
});
export type WaitingListOfEvent = z.infer<typeof WaitingListOfEvent>;

export const joinWaitingList = operation({
  id: 'joinWaitingList',
  tag,
  service,
  summary: 'Wait for tickets of a type that is sold out',
  method: 'POST',
  path: '/events/:eventId/ticket-types/:typeId/waiting-list',
  access: 'person',
  body: JoinWaitingList.optional(),
  responses: { 201: WaitingEntry },
  problems: [
    ...(['email-not-verified', 'waiting-list-closed', 'sales-closed', 'not-sold-out'] as const),
    ...(['already-waiting', 'limit-exceeded'] as const),
  ],
  idempotent: true,
});
export const listMyWaiting = operation({
  id: 'listMyWaiting',
  tag,
  service,
  summary: 'What I wait for, and what I was offered, newest first',
  method: 'GET',
  path: '/waiting-list',
  access: 'person',
  query: PageQuery,
  responses: { 200: page(WaitingEntry) },
});
export const leaveWaitingList = operation({
  id: 'leaveWaitingList',
  tag,
  service,
  summary: 'Wait no longer; an offer that is not paid yet is given back',
  method: 'DELETE',
  path: '/waiting-list/:entryId',
  access: 'person',
  responses: { 204: 'empty' },
  problems: ['order-ended'],
});
export const getWaitingListOfEvent = operation({
  id: 'getWaitingListOfEvent',
  tag,
  service,
  summary: 'Who waits for tickets of an event, in the order of arrival, and how many of which type',
  method: 'GET',
  path: '/events/:eventId/waiting-list',
  access: { resource: 'event', param: 'eventId', anyOf: ['organizer', 'owner'] },
  scopes: ['orders:read'],
  query: PageQuery,
  responses: { 200: WaitingListOfEvent },
});
