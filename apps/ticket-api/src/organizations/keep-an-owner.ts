import type { Role } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import type { OrganizationStore } from './organization.store.js';

/**
 * Before somebody with this role ceases to be an owner; the organization is locked by then.
 * @throws ProblemError 409 `last-owner`
 */
export async function keepAnOwner(organizations: OrganizationStore, tenantId: string, role: Role): Promise<void> {
  if (role === 'owner' && (await organizations.countOwners(tenantId)) === 1)
    throw new ProblemError('last-owner', 'Make somebody else an owner first.');
}
