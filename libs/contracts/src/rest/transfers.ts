import { z } from 'zod';
import { Email, Id, page, PageQuery } from './fields.js';
import { operation } from './operation.js';

const tag = 'tickets';
const service = 'ticket-api';

export const TransferStatus = z.enum(['pending', 'accepted', 'declined', 'withdrawn', 'expired']);
export type TransferStatus = z.infer<typeof TransferStatus>;

const Party = z.object({ id: Id, name: z.string() });

/**
 * A ticket that its holder offers to an e-mail. Who took part sees all of it; the event's organizers see names and a masked address;
 * for anybody else who may see the ticket's history `email`, `from` and `to` are null. `to` is there once it is accepted.
 */
export const Transfer = z.object({
  id: Id,
  ticketId: Id,
  eventId: Id,
  email: z.string().nullable(),
  from: Party.nullable(),
  to: Party.nullable(),
  status: TransferStatus,
  reason: z
    .string()
    .optional()
    .describe(
      'why it ended: `holder`, `addressee`, `time`, `ticket-checked-in`, `ticket-void`, `ticket-frozen`, `account-erased`, or of the future',
    ),
  expiresAt: z.string(),
  createdAt: z.string(),
  endedAt: z.string().optional(),
});
export type Transfer = z.infer<typeof Transfer>;

export const OfferTransfer = z.strictObject({ email: Email });
export type OfferTransfer = z.infer<typeof OfferTransfer>;

export const ListTransfers = PageQuery.extend({ direction: z.enum(['incoming', 'outgoing']).optional() });
export type ListTransfers = z.infer<typeof ListTransfers>;

export const offerTransfer = operation({
  id: 'offerTransfer',
  tag,
  service,
  summary: 'Offer a ticket I hold to an e-mail; for seven days, or until the event ends',
  method: 'POST',
  path: '/tickets/:ticketId/transfer',
  access: { resource: 'ticket', param: 'ticketId', anyOf: ['self'] },
  body: OfferTransfer,
  responses: { 201: Transfer },
  problems: [
    'transfer-pending',
    'transfers-closed',
    'ticket-checked-in',
    'ticket-void',
    'ticket-frozen',
    'limit-exceeded',
  ],
  idempotent: true,
});
export const listTransfers = operation({
  id: 'listTransfers',
  tag,
  service,
  summary: 'Offers that I made, and those to my verified e-mail, newest first',
  method: 'GET',
  path: '/tickets/transfers',
  access: 'person',
  query: ListTransfers,
  responses: { 200: page(Transfer) },
});
export const getTransfer = operation({
  id: 'getTransfer',
  tag,
  service,
  summary: 'An offer that I made, or that is for my verified e-mail',
  method: 'GET',
  path: '/tickets/transfers/:transferId',
  access: 'person',
  responses: { 200: Transfer },
  problems: ['email-not-verified'],
});
export const acceptTransfer = operation({
  id: 'acceptTransfer',
  tag,
  service,
  summary: 'Take a ticket that is offered to my verified e-mail; the codes that it had admit nobody from then on',
  method: 'POST',
  path: '/tickets/transfers/:transferId/accept',
  access: 'person',
  responses: { 200: Transfer },
  problems: ['email-not-verified', 'transfer-ended', 'transfers-closed'],
});
export const declineTransfer = operation({
  id: 'declineTransfer',
  tag,
  service,
  summary: 'Say no to a ticket that is offered to my verified e-mail',
  method: 'POST',
  path: '/tickets/transfers/:transferId/decline',
  access: 'person',
  responses: { 200: Transfer },
  problems: ['email-not-verified', 'transfer-ended'],
});
export const withdrawTransfer = operation({
  id: 'withdrawTransfer',
  tag,
  service,
  summary: 'Take my offer back',
  method: 'DELETE',
  path: '/tickets/transfers/:transferId',
  access: 'person',
  responses: { 204: 'empty' },
  problems: ['transfer-ended'],
});
export const listTransfersOfTicket = operation({
  id: 'listTransfersOfTicket',
  tag,
  service,
  summary: 'To whom a ticket was offered, newest first; for its holder, its buyer and organizers',
  method: 'GET',
  path: '/tickets/:ticketId/transfers',
  access: { resource: 'history', param: 'ticketId', anyOf: ['self', 'organizer', 'owner'] },
  scopes: ['tickets:read'],
  query: PageQuery,
  responses: { 200: page(Transfer) },
});
