import { z } from 'zod';
import { Id, Instant, page, PageQuery } from './fields.js';
import { operation } from './operation.js';

/** What the log of an organization tells of. Clients must expect further ones. */
export const auditActions = [
  'organization.created',
  'organization.updated',
  'organization.suspended',
  'organization.reinstated',
  'member.invited',
  'member.joined',
  'member.role-changed',
  'member.removed',
  'invitation.revoked',
  'api-key.created',
  'api-key.revoked',
  'device.registered',
  'device.revoked',
  'event.created',
  'event.updated',
  'event.published',
  'event.cancelled',
  'event.ticket-keys-renewed',
  'ticket-type.created',
  'ticket-type.updated',
  'gate.created',
  'gate.updated',
  'gate.removed',
  'admission.undone',
  'order.confirmed-at-desk',
  'order.cancelled',
  'order.refunded',
  'order.mail-requested',
  'order.recheck-requested',
  'refund.retried',
  'refund.settled',
] as const;
export type AuditAction = (typeof auditActions)[number];

/**
 * `actor`: a member (or who was one), an organization's key, or the platform's administration. `name` is null for who is
 * unknown by now. `detail` tells what changed, as `{field: {from, to}}`, or how.
 */
export const AuditLogEntry = z.object({
  id: Id,
  at: z.string(),
  actor: z.object({ kind: z.string(), id: Id, name: z.string().nullable() }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: Id, name: z.string().nullable() }),
  detail: z.record(z.string(), z.unknown()),
  requestId: z.string().nullable(),
});
export type AuditLogEntry = z.infer<typeof AuditLogEntry>;

export const AuditLogQuery = PageQuery.extend({
  action: z.enum(auditActions).optional(),
  actorId: Id.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
});
export type AuditLogQuery = z.infer<typeof AuditLogQuery>;

export const getAuditLog = operation({
  id: 'getAuditLog',
  tag: 'audit-log',
  service: 'ticket-api',
  summary: 'Who did what with rights in the organization, newest first; `from` is included, `to` is not',
  method: 'GET',
  path: '/organizations/:organizationId/audit-log',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner', 'organizer'] },
  query: AuditLogQuery,
  responses: { 200: page(AuditLogEntry) },
});
