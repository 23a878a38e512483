import { z } from 'zod';
import { Id, Instant } from './fields.js';
import { operation } from './operation.js';

const tag = 'ticket codes';
const service = 'ticket-api';
/** Why a ticket has no code. */
const unusable = ['ticket-void', 'ticket-frozen', 'ticket-listed'] as const;

export const QrQuery = z.strictObject({
  format: z.enum(['svg', 'png', 'json']).default('svg'),
  /** `rotating`: for a screen, a new one every 30 s. `static`: for paper, the same as long as the ticket has this holder. */
  kind: z.enum(['rotating', 'static']).default('rotating'),
});
export type QrQuery = z.infer<typeof QrQuery>;
export const QrCode = z.object({ code: z.string(), expiresAt: z.string().nullable() });
export type QrCode = z.infer<typeof QrCode>;
export const getQr = operation({
  id: 'getQr',
  tag,
  service,
  summary:
    'The code that admits, as SVG, PNG or JSON (`format=json`: `{code, expiresAt}`). It changes every 30 seconds, `kind=static` does not (`expiresAt: null`)',
  method: 'GET',
  path: '/tickets/:ticketId/qr',
  access: { resource: 'ticket', param: 'ticketId', anyOf: ['self', 'organizer', 'owner'] },
  scopes: ['tickets:read'],
  query: QrQuery,
  responses: { 200: QrCode },
  files: ['image/svg+xml', 'image/png'],
  problems: unusable,
});
export const getQrCode = operation({ ...getQr, id: 'getQrCode', path: '/tickets/:ticketId/qrcode' });

/** Codes of one call: two hours. */
const MOST_CODES = 240;
export const TicketCodesQuery = z.strictObject({
  from: Instant.optional(),
  steps: z
    .string()
    .regex(/^\d{1,3}$/, `is a whole number from 1 to ${MOST_CODES}`)
    .transform(Number)
    .pipe(z.int().min(1).max(MOST_CODES))
    .default(120),
});
export type TicketCodesQuery = z.infer<typeof TicketCodesQuery>;
/** `now` is our clock, for a phone whose own is off; a code is to be shown from `showFrom` until the next one's. */
export const TicketCodeList = z.object({
  now: z.string(),
  codes: z.array(z.object({ code: z.string(), showFrom: z.string(), expiresAt: z.string() })),
});
export type TicketCodeList = z.infer<typeof TicketCodeList>;
export const getTicketCodes = operation({
  id: 'getTicketCodes',
  tag,
  service,
  summary:
    'The rotating codes of the coming steps of 30 seconds, for a phone that will have no signal: `from` now or at most 12 hours ahead',
  method: 'GET',
  path: '/tickets/:ticketId/codes',
  access: { resource: 'ticket', param: 'ticketId', anyOf: ['self'] },
  query: TicketCodesQuery,
  responses: { 200: TicketCodeList },
  problems: unusable,
});

/** Status is one of `signing`, `verifying` (codes are taken), `revoked`. Several keys may have the same id: try each. */
export const TicketKey = z.object({
  id: z.int(),
  algorithm: z.literal('Ed25519'),
  publicKey: z.string(),
  status: z.enum(['signing', 'verifying', 'revoked']),
});
export type TicketKey = z.infer<typeof TicketKey>;
export const TicketKeys = z.object({ eventId: Id, keys: z.array(TicketKey) });
export type TicketKeys = z.infer<typeof TicketKeys>;
export const getTicketKeys = operation({
  id: 'getTicketKeys',
  tag,
  service,
  summary: 'The public keys that codes of an event are verified with, newest first',
  method: 'GET',
  path: '/events/:eventId/ticket-keys',
  access: { resource: 'event', param: 'eventId', anyOf: ['scanner', 'organizer', 'owner'] },
  scopes: ['checkin'],
  responses: { 200: TicketKeys },
});

export const RenewTicketKeys = z.strictObject({ revokeEarlier: z.boolean().default(false) });
export type RenewTicketKeys = z.infer<typeof RenewTicketKeys>;
export const renewTicketKeys = operation({
  id: 'renewTicketKeys',
  tag,
  service,
  summary:
    'A new key for the codes of an event. With `revokeEarlier` every code that was handed out admits nobody any more, also on paper',
  method: 'POST',
  path: '/events/:eventId/ticket-keys',
  access: { resource: 'event', param: 'eventId', anyOf: ['organizer', 'owner'] },
  body: RenewTicketKeys.optional(),
  responses: { 201: TicketKeys },
  problems: ['too-many-ticket-keys'],
  idempotent: true,
});
