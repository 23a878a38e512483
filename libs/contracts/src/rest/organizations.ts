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

/** `suspended`: by an administrator of the platform; nothing of it is sold, and its people may read. */
export const OrganizationStatus = z.enum(['active', 'suspended']);
export type OrganizationStatus = z.infer<typeof OrganizationStatus>;

/** `role` is that of the caller. */
export const Organization = z.object({
  id: Id,
  name: z.string(),
  slug: z.string(),
  status: OrganizationStatus,
  role: RoleName,
});
export type Organization = z.infer<typeof Organization>;

export const OrganizationSettings = Organization.extend({ contactEmail: z.string().nullable() });
export type OrganizationSettings = z.infer<typeof OrganizationSettings>;

export const InviteMember = z.strictObject({ email: Email, role: RoleName });
export type InviteMember = z.infer<typeof InviteMember>;

export const ChangeRole = z.strictObject({ role: RoleName });
export type ChangeRole = z.infer<typeof ChangeRole>;

/** `contactEmail`: where answers to mails about its events go; the confirmed address of one of its people, or null for nowhere. */
export const UpdateOrganization = z.strictObject({
  name: text(100).optional(),
  contactEmail: Email.nullable().optional(),
});
export type UpdateOrganization = z.infer<typeof UpdateOrganization>;

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
export const updateOrganization = operation({
  id: 'updateOrganization',
  tag,
  service,
  summary: 'Rename an organization (its slug stays), or say where answers to its mails go',
  method: 'PATCH',
  path: '/organizations/:organizationId',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner'] },
  body: UpdateOrganization,
  responses: { 200: OrganizationSettings },
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
export const changeRole = operation({
  id: 'changeRole',
  tag,
  service,
  summary: "Change a member's role",
  method: 'PATCH',
  path: '/organizations/:organizationId/members/:userId',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner'] },
  body: ChangeRole,
  responses: { 200: Member },
  problems: ['last-owner'],
});
export const listInvitations = operation({
  id: 'listInvitations',
  tag,
  service,
  summary: 'Invitations that can be accepted now',
  method: 'GET',
  path: '/organizations/:organizationId/invitations',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner'] },
  query: PageQuery,
  responses: { 200: page(Invitation) },
});
export const revokeInvitation = operation({
  id: 'revokeInvitation',
  tag,
  service,
  summary: 'Take an invitation back; one that has ended stays as it is',
  method: 'DELETE',
  path: '/organizations/:organizationId/invitations/:invitationId',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner'] },
  responses: { 204: 'empty' },
});
export const removeMember = operation({
  id: 'removeMember',
  tag,
  service,
  summary: 'Remove a member, or leave',
  method: 'DELETE',
  path: '/organizations/:organizationId/members/:userId',
  access: { resource: 'organization', param: 'organizationId', anyOf: ['owner', 'self'] },
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
  problems: ['email-not-verified', 'invitation-ended', 'organization-suspended'],
  idempotent: true,
});
