import { z } from 'zod';
import { Id, longText, page, PageQuery, text } from './fields.js';
import { operation } from './operation.js';

const tag = 'tickets';
const files = 'ticket files';
const service = 'ticket-api';
const ofTicket = (param: string, ...anyOf: ('self' | 'organizer' | 'owner' | 'scanner')[]) => ({
  resource: 'ticket' as const,
  param,
  anyOf,
});
/** Whoever has bought gets in, also while the organization is suspended. */
const atTheGate = (param: string) => ({ ...ofTicket(param, ...staff), evenSuspended: true }) as const;
const staff = ['scanner', 'organizer', 'owner'] as const;

export const TicketStatus = z.enum(['valid', 'checked_in', 'void', 'frozen', 'listed']);

export const Ticket = z.object({
  id: Id,
  orderId: Id,
  eventId: Id,
  ticketTypeId: Id,
  holder: z.object({ id: Id, name: z.string() }),
  status: TicketStatus,
  number: z.string(),
  checkedInAt: z.string().optional(),
  gate: z.string().optional(),
  createdAt: z.string(),
});
export type Ticket = z.infer<typeof Ticket>;

export const listTickets = operation({
  id: 'listTickets',
  tag,
  service,
  summary: 'Tickets I hold',
  method: 'GET',
  path: '/tickets',
  access: 'person',
  query: PageQuery,
  responses: { 200: page(Ticket) },
});
export const listMyTickets = operation({ ...listTickets, id: 'listMyTickets', path: '/tickets/my-tickets' });
export const listTicketsOfUser = operation({
  id: 'listTicketsOfUser',
  tag,
  service,
  summary: "A person's tickets: one's own, or those for events one organizes",
  method: 'GET',
  path: '/tickets/user/:userId',
  access: 'person',
  scopes: ['tickets:read'],
  query: PageQuery,
  responses: { 200: page(Ticket) },
  problems: ['forbidden'],
});
export const listTicketsOfUserAndEvent = operation({
  ...listTicketsOfUser,
  id: 'listTicketsOfUserAndEvent',
  summary: "A person's tickets for one event",
  path: '/tickets/user/:userId/event/:eventId',
});
export const listTicketsOfEvent = operation({
  id: 'listTicketsOfEvent',
  tag,
  service,
  summary: 'Tickets of an event',
  method: 'GET',
  path: '/tickets/event/:eventId',
  access: { resource: 'event', param: 'eventId', anyOf: ['organizer', 'owner'] },
  scopes: ['tickets:read'],
  query: PageQuery,
  responses: { 200: page(Ticket) },
});
export const countAvailable = operation({
  id: 'countAvailable',
  tag,
  service,
  summary: 'Tickets left of all types together',
  method: 'GET',
  path: '/tickets/event/:eventId/available',
  access: 'anyone',
  scopes: ['events:read'],
  optionalCaller: true,
  responses: { 200: z.object({ eventId: Id, available: z.int() }) },
});
export const getTicket = operation({
  id: 'getTicket',
  tag,
  service,
  summary: 'One ticket',
  method: 'GET',
  path: '/tickets/:ticketId',
  access: ofTicket('ticketId', 'self', 'organizer', 'owner'),
  scopes: ['tickets:read'],
  responses: { 200: Ticket },
});

export const getTicketPdf = operation({
  id: 'getTicketPdf',
  tag: files,
  service,
  summary: 'The ticket to print',
  method: 'GET',
  path: '/tickets/:ticketId/pdf',
  access: ofTicket('ticketId', 'self', 'organizer', 'owner'),
  scopes: ['tickets:read'],
  responses: { 200: 'file' },
  files: ['application/pdf'],
  problems: ['ticket-void', 'ticket-frozen', 'ticket-listed'],
});
/** So many pages are in one file at most: two seconds of work, two megabytes. */
export const TICKETS_PER_FILE = 500;
export const OrderPdfQuery = z.strictObject({
  from: z
    .string()
    .regex(/^\d{1,6}$/, 'is a whole number from 1')
    .transform(Number)
    .pipe(z.int().min(1))
    .default(1),
});
export type OrderPdfQuery = z.infer<typeof OrderPdfQuery>;
export const getOrderPdf = operation({
  id: 'getOrderPdf',
  tag: files,
  service,
  summary: `The order's tickets to print, a page each: those that I hold, or for organizers all. ${TICKETS_PER_FILE} to a file; \`from\` is the first one's place`,
  method: 'GET',
  path: '/orders/:orderId/pdf',
  access: { resource: 'order', param: 'orderId', anyOf: ['self', 'organizer', 'owner'] },
  scopes: ['tickets:read'],
  query: OrderPdfQuery,
  responses: { 200: 'file' },
  files: ['application/pdf'],
});
export const getTicketCalendar = operation({
  id: 'getTicketCalendar',
  tag: files,
  service,
  summary: "The event as an entry for one's calendar. Taken in again later, it replaces the entry",
  method: 'GET',
  path: '/tickets/:ticketId/calendar',
  access: ofTicket('ticketId', 'self'),
  responses: { 200: 'file' },
  files: ['text/calendar'],
  problems: ['ticket-void', 'ticket-frozen', 'ticket-listed'],
});
export const getApplePass = operation({
  id: 'getApplePass',
  tag: files,
  service,
  summary: 'The ticket for Apple Wallet',
  method: 'GET',
  path: '/tickets/:ticketId/wallet/apple',
  access: ofTicket('ticketId', 'self'),
  responses: { 200: 'file' },
  files: ['application/vnd.apple.pkpass'],
  problems: ['ticket-void', 'ticket-frozen', 'ticket-listed', 'wallet-not-configured'],
});
export const GoogleWalletLink = z.object({ saveUrl: z.string() });
export type GoogleWalletLink = z.infer<typeof GoogleWalletLink>;
export const getGoogleWalletLink = operation({
  id: 'getGoogleWalletLink',
  tag: files,
  service,
  summary: 'A link that saves the ticket in Google Wallet',
  method: 'GET',
  path: '/tickets/:ticketId/wallet/google',
  access: ofTicket('ticketId', 'self'),
  responses: { 200: GoogleWalletLink },
  problems: ['ticket-void', 'ticket-frozen', 'ticket-listed', 'wallet-not-configured'],
});

const Code = longText(2000);
export const ValidateTicket = z.strictObject({ code: Code, gate: text(100).optional() });
export type ValidateTicket = z.infer<typeof ValidateTicket>;
export const Validation = z.object({ valid: z.boolean(), reason: z.string().optional(), ticket: Ticket.optional() });
export type Validation = z.infer<typeof Validation>;
export const validateTicket = operation({
  id: 'validateTicket',
  tag: 'check-in',
  service,
  summary: 'Would this code admit? Changes nothing',
  method: 'POST',
  path: '/tickets/:ticketId/validate',
  access: atTheGate('ticketId'),
  scopes: ['checkin'],
  body: ValidateTicket,
  responses: { 200: Validation },
});

export const CheckIn = z.strictObject({
  code: Code,
  eventId: Id.optional(),
  gate: text(100).optional(),
  scanId: text(100).optional(),
});
export type CheckIn = z.infer<typeof CheckIn>;
export const Admission = z.object({
  ticketId: Id,
  status: z.literal('checked_in'),
  checkedInAt: z.string(),
  gate: z.string().nullable(),
  /** The holder had been inside before, and comes back. */
  reentry: z.boolean().optional(),
});
export type Admission = z.infer<typeof Admission>;
export const checkInTicket = operation({
  id: 'checkInTicket',
  tag: 'check-in',
  service,
  summary: 'Admit the bearer of this code, once',
  method: 'POST',
  path: '/tickets/:ticketId/checkin',
  access: atTheGate('ticketId'),
  scopes: ['checkin'],
  body: CheckIn,
  responses: { 200: Admission },
  problems: [
    'invalid-code',
    'wrong-event',
    'already-checked-in',
    'ticket-void',
    'ticket-frozen',
    'ticket-listed',
    'wrong-gate',
    'code-expired',
    'scan-id-reused',
    'admission-undone',
  ],
});
export const checkInTicketAlias = operation({
  ...checkInTicket,
  id: 'checkInTicketAlias',
  path: '/tickets/checkin/:ticketId',
});
export const checkIn = operation({
  ...checkInTicket,
  id: 'checkIn',
  path: '/tickets/checkin',
  access: 'person',
  problems: [...checkInTicket.problems, 'forbidden'],
});
