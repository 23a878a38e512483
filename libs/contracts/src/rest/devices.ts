import { z } from 'zod';
import { Id, page, PageQuery, Person, text } from './fields.js';
import { operation } from './operation.js';

const tag = 'offline gates';
const service = 'ticket-api';
const access = { resource: 'organization', param: 'organizationId', anyOf: ['owner', 'organizer'] } as const;

export const RegisterDevice = z.strictObject({
  name: text(100),
  eventId: Id.optional().describe('the one event that it may scan; all of the organization without it'),
  gate: text(100).optional(),
});
export type RegisterDevice = z.infer<typeof RegisterDevice>;

/** A handheld that scans with a key of its own. */
export const Device = z.object({
  id: Id,
  name: z.string(),
  eventId: Id.nullable(),
  gate: z.string().nullable(),
  last4: z.string(),
  createdAt: z.string(),
  createdBy: Person,
  lastSeenAt: z.string().nullable().describe('to the minute'),
  lastSyncAt: z.string().nullable(),
  clockDifferenceMs: z.int().nullable().describe('by how much the clock of its last upload was ahead; below 0: behind'),
  revokedAt: z.string().nullable(),
});
export type Device = z.infer<typeof Device>;

export const RegisteredDevice = Device.extend({ key: z.string().describe('shown this once') });
export type RegisteredDevice = z.infer<typeof RegisteredDevice>;

export const registerDevice = operation({
  id: 'registerDevice',
  tag,
  service,
  summary: 'Register a scanning device: its key admits, and does nothing else',
  method: 'POST',
  path: '/organizations/:organizationId/devices',
  access,
  body: RegisterDevice,
  responses: { 201: RegisteredDevice },
  problems: ['too-many-devices'],
  idempotent: true,
});
export const listDevices = operation({
  id: 'listDevices',
  tag,
  service,
  summary: 'Scanning devices of this organization, newest first, revoked ones included',
  method: 'GET',
  path: '/organizations/:organizationId/devices',
  access,
  query: PageQuery,
  responses: { 200: page(Device) },
});
export const revokeDevice = operation({
  id: 'revokeDevice',
  tag,
  service,
  summary: 'End a device: its key is refused within five seconds, and so are scans that it makes later',
  method: 'DELETE',
  path: '/organizations/:organizationId/devices/:deviceId',
  // A handheld that was lost is ended also then.
  access: { ...access, evenSuspended: true },
  responses: { 204: 'empty' },
});
