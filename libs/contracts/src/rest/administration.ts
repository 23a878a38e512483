import { z } from 'zod';
import { Id, page, PageQuery, text } from './fields.js';
import { operation } from './operation.js';
import { OrganizationStatus } from './organizations.js';

const tag = 'administration';
const service = 'ticket-api';

/** An organization as the platform's administrators see it. */
export const AdministeredOrganization = z.object({
  id: Id,
  name: z.string(),
  slug: z.string(),
  status: OrganizationStatus,
  createdAt: z.string(),
  suspendedAt: z.string().nullable(),
  /** Why it is suspended. */
  reason: z.string().nullable(),
});
export type AdministeredOrganization = z.infer<typeof AdministeredOrganization>;

/** `q`: part of the name, or the slug. */
export const ListAllOrganizations = PageQuery.extend({
  q: text(100).optional(),
  status: OrganizationStatus.optional(),
});
export type ListAllOrganizations = z.infer<typeof ListAllOrganizations>;

export const SuspendOrganization = z.strictObject({ reason: text(500) });
export type SuspendOrganization = z.infer<typeof SuspendOrganization>;

export const listAllOrganizations = operation({
  id: 'listAllOrganizations',
  tag,
  service,
  summary: 'Every organization of the platform, oldest first',
  method: 'GET',
  path: '/admin/organizations',
  access: 'admin',
  query: ListAllOrganizations,
  responses: { 200: page(AdministeredOrganization) },
});
export const suspendOrganization = operation({
  id: 'suspendOrganization',
  tag,
  service,
  summary:
    'Stop an organization: nothing more is sold and its events are hidden; buyers keep what they have. A suspended one stays as it is',
  method: 'POST',
  path: '/admin/organizations/:organizationId/suspend',
  access: 'admin',
  body: SuspendOrganization,
  responses: { 200: AdministeredOrganization },
});
export const reinstateOrganization = operation({
  id: 'reinstateOrganization',
  tag,
  service,
  summary: 'End the suspension of an organization',
  method: 'POST',
  path: '/admin/organizations/:organizationId/reinstate',
  access: 'admin',
  responses: { 200: AdministeredOrganization },
});
