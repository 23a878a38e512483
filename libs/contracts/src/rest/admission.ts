import { z } from 'zod';
import { Id, page, PageQuery, text } from './fields.js';
import { operation } from './operation.js';
import { checkIn, checkInTicket, Ticket } from './tickets.js';

const tag = 'check-in';
const service = 'ticket-api';
const staff = ['scanner', 'organizer', 'owner'] as const;
const organizers = ['organizer', 'owner'] as const;
const ofEvent = (anyOf: typeof staff | typeof organizers) => ({ resource: 'event', param: 'eventId', anyOf }) as const;

/** As it stands at the door. */
export const GateName = text(100);
const ticketTypeIds = z.array(Id).max(100);

export const CreateGate = z.strictObject({ name: GateName, ticketTypeIds: ticketTypeIds.default([]) });
export type CreateGate = z.infer<typeof CreateGate>;
export const UpdateGate = z.strictObject({ name: GateName, ticketTypeIds }).partial();
export type UpdateGate = z.infer<typeof UpdateGate>;
/** `ticketTypeIds`: what it admits; none named: all. */
export const Gate = z.object({
  id: Id,
  eventId: Id,
  name: z.string(),
  ticketTypeIds: z.array(Id),
  createdAt: z.string(),
});
export type Gate = z.infer<typeof Gate>;

export const createGate = operation({
  id: 'createGate',
  tag,
  service,
  summary: 'Name a gate of an event, and what it admits; from the first one on only known gates admit',
  method: 'POST',
  path: '/events/:eventId/gates',
  access: ofEvent(organizers),
  scopes: ['events:write'],
  body: CreateGate,
  responses: { 201: Gate },
  problems: ['gate-name-taken', 'too-many-gates'],
  idempotent: true,
});
export const listGates = operation({
  id: 'listGates',
  tag,
  service,
  summary: 'The gates of an event, by name',
  method: 'GET',
  path: '/events/:eventId/gates',
  access: ofEvent(staff),
  scopes: ['checkin'],
  query: PageQuery,
  responses: { 200: page(Gate) },
});
export const updateGate = operation({
  id: 'updateGate',
  tag,
  service,
  summary: 'Rename a gate, or change what it admits',
  method: 'PATCH',
  path: '/events/:eventId/gates/:gateId',
  access: ofEvent(organizers),
  scopes: ['events:write'],
  body: UpdateGate,
  responses: { 200: Gate },
  problems: ['gate-name-taken'],
});
export const deleteGate = operation({
  id: 'deleteGate',
  tag,
  service,
  summary: 'Close a gate for good; without any gate left every name is taken again',
  method: 'DELETE',
  path: '/events/:eventId/gates/:gateId',
  access: ofEvent(organizers),
  scopes: ['events:write'],
  responses: { 204: 'empty' },
});

/** Clients must expect further ones. */
export const scanResults = ['admitted', 'readmitted', 'refused', 'left', 'undone', 'conflict'] as const;
/** `reason`: the problem's code of a refusal, the words of an undo. `undoneAt`: of an admission that no longer counts. */
export const Scan = z.object({
  id: Id,
  scanId: z.string().nullable(),
  ticketId: Id.nullable(),
  eventId: Id,
  gate: z.string().nullable(),
  deviceId: z.string().nullable(),
  result: z.enum(scanResults),
  reason: z.string().nullable(),
  scannedAt: z.string(),
  recordedAt: z.string(),
  undoneAt: z.string().nullable(),
  by: z.object({ kind: z.enum(['person', 'key']), id: Id, name: z.string().nullable() }).nullable(),
});
export type Scan = z.infer<typeof Scan>;
export const ListScans = PageQuery.extend({
  gate: GateName.optional(),
  ticketId: Id.optional(),
  result: z.enum(scanResults).optional(),
});
export type ListScans = z.infer<typeof ListScans>;
export const listScans = operation({
  id: 'listScans',
  tag,
  service,
  summary: 'Every scan that was judged for an event, newest first',
  method: 'GET',
  path: '/events/:eventId/scans',
  access: ofEvent(organizers),
  scopes: ['tickets:read'],
  query: ListScans,
  responses: { 200: page(Scan) },
});
export const listScansOfTicket = operation({
  id: 'listScansOfTicket',
  tag,
  service,
  summary: 'Every scan of a ticket, newest first',
  method: 'GET',
  path: '/tickets/:ticketId/scans',
  access: { resource: 'ticket', param: 'ticketId', anyOf: organizers },
  scopes: ['tickets:read'],
  query: PageQuery,
  responses: { 200: page(Scan) },
});

export const UndoCheckIn = z.strictObject({ reason: text(200), scanId: text(100).optional() });
export type UndoCheckIn = z.infer<typeof UndoCheckIn>;
export const undoCheckIn = operation({
  id: 'undoCheckIn',
  tag,
  service,
  summary: 'Take an admission back, with the reason: the ticket admits again',
  method: 'POST',
  path: '/tickets/:ticketId/checkin/undo',
  access: checkInTicket.access,
  scopes: ['checkin'],
  body: UndoCheckIn,
  responses: { 200: Ticket },
  problems: ['not-checked-in', 'ticket-void', 'scan-id-reused'],
});

/** Where the event lets people go out and come back. */
export const Departure = z.object({
  ticketId: Id,
  status: z.literal('checked_in'),
  leftAt: z.string(),
  gate: z.string().nullable(),
});
export type Departure = z.infer<typeof Departure>;
export const checkOutTicket = operation({
  ...checkInTicket,
  id: 'checkOutTicket',
  summary: 'Let the bearer of this code out, who may come back; where the event allows re-entry',
  path: '/tickets/:ticketId/checkout',
  responses: { 200: Departure },
  problems: ['invalid-code', 'wrong-event', 'reentry-not-allowed', 'not-inside', 'code-expired', 'scan-id-reused'],
});
export const checkOut = operation({
  ...checkOutTicket,
  id: 'checkOut',
  path: '/tickets/checkout',
  access: checkIn.access,
  problems: [...checkOutTicket.problems, 'forbidden'],
});

/** How many are in, now. `sold`: tickets that are not void. `admitted` have entered; `inside` of them have not left. */
export const Admissions = z.object({
  eventId: Id,
  sold: z.int(),
  admitted: z.int(),
  inside: z.int(),
  refused: z.int(),
  byGate: z.array(z.object({ gate: z.string().nullable(), admitted: z.int(), lastAt: z.string() })),
  byTicketType: z.array(z.object({ ticketTypeId: Id, name: z.string(), sold: z.int(), admitted: z.int() })),
  at: z.string(),
});
export type Admissions = z.infer<typeof Admissions>;
export const getAdmissions = operation({
  id: 'getAdmissions',
  tag,
  service,
  summary: 'How many have entered, by gate and by ticket type; at most 1 s old',
  method: 'GET',
  path: '/events/:eventId/admissions',
  access: ofEvent(staff),
  scopes: ['checkin'],
  responses: { 200: Admissions },
});
export const streamAdmissions = operation({
  ...getAdmissions,
  id: 'streamAdmissions',
  summary: 'The same as server-sent events (`event: admissions`), when it changes; ends with the credential',
  path: '/events/:eventId/admissions/stream',
  responses: { 200: 'file' },
  files: ['text/event-stream'],
  stream: 'admissions',
});
