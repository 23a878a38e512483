import { z } from 'zod';
import { Id, Money } from './fields.js';
import { operation } from './operation.js';

const tag = 'resale';
const service = 'ticket-api';

/** `sold`: the seller's money is on its way. `returned`: nobody bought it in time. `ended`: the ticket was given back or became void otherwise. */
export const ListingStatus = z.enum(['listed', 'sold', 'withdrawn', 'returned', 'ended']);

export const Listing = z.object({
  id: Id,
  ticketId: Id,
  eventId: Id,
  ticketTypeId: Id,
  status: ListingStatus,
  /** What the seller paid for this ticket, and gets back when it is sold. */
  price: Money,
  listedAt: z.string(),
  endedAt: z.string().nullable(),
});
export type Listing = z.infer<typeof Listing>;

const path = '/tickets/:ticketId/resale';
const ofHolder = { resource: 'ticket', param: 'ticketId', anyOf: ['self'] } as const;

export const listForResale = operation({
  id: 'listForResale',
  tag,
  service,
  summary: 'Give a ticket back for resale; its money returns when somebody else has paid for it',
  method: 'POST',
  path,
  access: ofHolder,
  responses: { 201: Listing },
  problems: [
    ...(['resale-closed', 'ticket-transferred', 'ticket-checked-in', 'ticket-void', 'ticket-frozen'] as const),
    ...(['ticket-listed', 'not-resalable', 'face-value'] as const),
  ],
  idempotent: true,
});
export const getResale = operation({
  id: 'getResale',
  tag,
  service,
  summary: 'What became of a ticket that was given back for resale, the last time',
  method: 'GET',
  path,
  access: { ...ofHolder, anyOf: ['self', 'organizer', 'owner'] },
  scopes: ['tickets:read'],
  responses: { 200: Listing },
});
export const withdrawFromResale = operation({
  id: 'withdrawFromResale',
  tag,
  service,
  summary: 'Take a ticket back that nobody has bought',
  method: 'DELETE',
  path,
  access: ofHolder,
  responses: { 200: Listing },
  problems: ['resale-under-way', 'not-listed'],
});
