import { z } from 'zod';
import { Id, Instant, longText, page, PageQuery, text } from './fields.js';
import { operation } from './operation.js';
import { TicketStatus } from './tickets.js';

const tag = 'offline gates';
const service = 'ticket-api';
const staff = {
  resource: 'event',
  param: 'eventId',
  anyOf: ['scanner', 'organizer', 'owner'],
} as const;

/** A ticket takes about 120 bytes. */
const LARGEST_PAGE = 2_000;
export const ManifestQuery = z.strictObject({
  since: z.string().min(1).max(200).optional().describe('`since` of the last answer that came whole'),
  cursor: z.string().min(1).max(500).optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, `is a whole number from 1 to ${LARGEST_PAGE}`)
    .transform(Number)
    .pipe(z.int().min(1).max(LARGEST_PAGE))
    .default(1_000),
});
export type ManifestQuery = z.infer<typeof ManifestQuery>;

export const ManifestTicket = z.object({
  id: Id,
  holderVersion: z.int(),
  ticketTypeId: Id,
  status: TicketStatus,
  checkedInAt: z.string().optional(),
  gate: z.string().optional(),
  outside: z.boolean().optional().describe('went out and may come in again'),
});
export type ManifestTicket = z.infer<typeof ManifestTicket>;

/**
 * `fromStart`: the first page of a whole manifest, to be taken in the place of what was known. `since`: for the next
 * delta, once the page without `nextCursor` has come.
 */
export const CheckinManifest = z.object({
  eventId: Id,
  at: z.string().describe("the platform's clock"),
  keys: z.array(
    z.object({ id: z.int(), algorithm: z.literal('Ed25519'), publicKey: z.string().describe('32 bytes in base64url') }),
  ),
  stepSeconds: z.int(),
  toleranceSteps: z.int(),
  reentryAllowed: z.boolean(),
  gates: z.array(z.object({ name: z.string(), ticketTypeIds: z.array(Id) })),
  ticketTypes: z.array(z.object({ id: Id, name: z.string() })),
  fromStart: z.boolean(),
  tickets: z.array(ManifestTicket),
  nextCursor: z.string().nullable(),
  since: z.string(),
});
export type CheckinManifest = z.infer<typeof CheckinManifest>;

export const getCheckinManifest = operation({
  id: 'getCheckinManifest',
  tag,
  service,
  summary: 'What a gate without network judges by: keys, rules, and tickets, whole or what changed since the last time',
  method: 'GET',
  path: '/events/:eventId/checkin-manifest',
  access: staff,
  scopes: ['checkin'],
  query: ManifestQuery,
  responses: { 200: CheckinManifest },
});

/** Scans of one upload, and bytes: a scan of ours takes about 340. */
const MOST_SCANS = 500;
const LARGEST_UPLOAD = 512 * 1024;
export const UploadedScan = z.strictObject({
  scanId: text(100),
  code: longText(2_000),
  scannedAt: Instant,
  deviceId: text(100),
  gate: text(100).optional(),
  direction: z.enum(['in', 'out']).default('in'),
});
export type UploadedScan = z.infer<typeof UploadedScan>;

const Scans = z.array(UploadedScan).min(1).max(MOST_SCANS);
/** `sentAt`: the clock that wrote `scannedAt`, when it sends; what it is off is taken out of every `scannedAt`. */
export const UploadCheckins = z.union([z.strictObject({ scans: Scans, sentAt: Instant.optional() }), Scans]);
export type UploadCheckins = z.infer<typeof UploadCheckins>;

/** Clients must expect further ones. */
export const uploadResults = ['admitted', 'readmitted', 'left', 'conflict', 'refused'] as const;
/**
 * `conflict`: somebody was let in by a ticket whose admission by another scan counts. `refused`: by a code that admits
 * nobody. Both are told to the organizer. `reason` of an admission tells what was wrong with it all the same.
 */
export const CheckinUploadResult = z.object({
  scanId: z.string(),
  result: z.enum(uploadResults),
  reason: z.string().optional(),
  ticketId: Id.optional(),
  checkedInAt: z.string().optional().describe('of the admission that counts'),
  gate: z.string().nullable().optional().describe('of the admission that counts'),
  deviceId: z.string().nullable().optional().describe('of the admission that counts'),
});
export type CheckinUploadResult = z.infer<typeof CheckinUploadResult>;
export const CheckinUploadResults = z.object({ results: z.array(CheckinUploadResult) });
export type CheckinUploadResults = z.infer<typeof CheckinUploadResults>;

export const uploadCheckins = operation({
  id: 'uploadCheckins',
  tag,
  service,
  summary: `Tell whom gates without network let in, up to ${MOST_SCANS} scans: one result each, conflicts told`,
  method: 'POST',
  path: '/events/:eventId/checkins',
  // Whoever has bought has gone in, also then.
  access: { ...staff, evenSuspended: true },
  scopes: ['checkin'],
  body: UploadCheckins,
  largestBody: LARGEST_UPLOAD,
  responses: { 200: CheckinUploadResults },
});

/** `name` is null for a device that nobody registered: whoever uploaded the scan called it so. */
const ScanningDevice = z.object({ id: z.string(), name: z.string().nullable(), registered: z.boolean() });
const ReportedScan = z.object({
  scanId: z.string().nullable(),
  gate: z.string().nullable(),
  device: ScanningDevice.nullable(),
  scannedAt: z.string(),
  recordedAt: z.string(),
  reason: z.string().nullable(),
});
/**
 * What the organizer has to look into, by ticket: `counts` is the admission that stands (null: none does), `others` those
 * by which somebody else went in. `ticketId` is null where the code was of no ticket.
 */
export const CheckinConflict = z.object({
  ticketId: Id.nullable(),
  number: z.string().nullable(),
  counts: ReportedScan.nullable(),
  others: z.array(ReportedScan),
});
export type CheckinConflict = z.infer<typeof CheckinConflict>;

export const listCheckinConflicts = operation({
  id: 'listCheckinConflicts',
  tag,
  service,
  summary: 'Tickets by which gates without network let in somebody who should not have come in',
  method: 'GET',
  path: '/events/:eventId/checkin-conflicts',
  access: { resource: 'event', param: 'eventId', anyOf: ['organizer', 'owner'] },
  scopes: ['tickets:read'],
  query: PageQuery,
  responses: { 200: page(CheckinConflict) },
});
