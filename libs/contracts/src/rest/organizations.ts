import { z } from 'zod';
import { Email, Id, page, PageQuery, text } from './fields.js';
import { operation } from './operation.js';

const tag = 'organizations';
const service = 'ticket-api';
const RoleName = z.enum(['owner', 'organizer', 'scanner']);

export const CreateOrganization = z.strictObject({
  name: text(100),
  slug: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'is lower-case letters, digits and inner hyphens, at most 63'),
});
export type CreateOrganization = z.infer<typeof CreateOrganization>;

/** `role` is that of the caller. */
export const Organization = z.object({ id: Id, name: z.string(), slug: z.string(), role: RoleName });
export type Organization = z.infer<typeof Organization>;

export const InviteMember = z.strictObject({ email: Email, role: RoleName });
export type InviteMember = z.infer<typeof InviteMember>;

export const Invitation = z.object({
  id: Id,
  organizationId: Id,
  email: z.string(),
  role: RoleName,
  status: z.enum(['pending', 'accepted', 'revoked', 'expired']),
  expiresAt: z.string(),
});
export type Invitation = z.infer<typeof Invitation>;

export const Member = z.object({ userId: Id, name: z.string(), email: z.string(), role: RoleName });
export type Member = z.infer<typeof Member>;

export const createOrganization = operation({
  id: 'createOrganization',
  tag,
  service,
  summary: 'Found an organization (a tenant)',
  method: 'POST',
  path: '/organizations',
  access: 'person',
  body: CreateOrganization,
  responses: { 201: Organization },
  problems: ['slug-taken'],
  idempotent: true,
});
export const listOrganizations = operation({
  id: 'listOrganizations',
  tag,
  service,
  summary: 'Organizations I belong to',
  method: 'GET',
  path: '/organizations',
  access: 'person',
  query: PageQuery,
  responses: { 200: page(Organization) },
});
export const listMembers = operation({
  id: 'listMembers',
  tag,
  service,
  summary: 'Members',
  method: 'GET',
  path: '/organizations/:organizationId/members',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner', 'organizer'] },
  query: PageQuery,
  responses: { 200: page(Member) },
});
export const inviteMember = operation({
  id: 'inviteMember',
  tag,
  service,
  summary: 'Invite by e-mail',
  method: 'POST',
  path: '/organizations/:organizationId/members',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner'] },
  body: InviteMember,
  responses: { 201: Invitation },
  problems: ['already-member'],
  idempotent: true,
});
export const removeMember = operation({
  id: 'removeMember',
  tag,
  service,
  summary: 'Remove a member',
  method: 'DELETE',
  path: '/organizations/:organizationId/members/:userId',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner'] },
  responses: { 204: 'empty' },
  problems: ['last-owner'],
});
export const acceptInvitation = operation({
  id: 'acceptInvitation',
  tag,
  service,
  summary: 'Accept an invitation (verified e-mail needed)',
  method: 'POST',
  path: '/organizations/invitations/:id/accept',
  access: 'person',
  responses: { 200: Organization },
  problems: ['email-not-verified', 'invitation-ended'],
  idempotent: true,
});
