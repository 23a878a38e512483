import type { Resource, ResourceRule, Role } from '@app/contracts';

/** Where a resource belongs and what the caller is there. */
export interface Location {
  tenantId: string;
  /** The caller's role in that organization. */
  role: Role | null;
  /** The caller is the order's buyer, the ticket's holder. */
  isSelf: boolean;
}

/** A resource that exists. */
export interface Found extends Location {
  /** Anybody may know that it exists: organizations, and events that are no drafts. */
  isPublic: boolean;
  /** By an administrator of the platform: the organization that it belongs to. */
  isSuspended: boolean;
}

export type Decision = 'allowed' | 'suspended' | 'forbidden' | 'not-found';

export type Rule = Pick<ResourceRule, 'resource' | 'anyOf' | 'evenSuspended'>;

/**
 * Whether the rule lets the caller act. What the caller may not even see is answered as if it did not exist, so that ids
 * of private things cannot be tried out.
 */
export function decide({ resource, anyOf, evenSuspended }: Rule, found: Found | null): Decision {
  if (!found) return 'not-found';
  if (found.isSelf && anyOf.includes('self')) return 'allowed';
  if (found.role && anyOf.includes(found.role)) return found.isSuspended && !evenSuspended ? 'suspended' : 'allowed';
  return isVisible(resource, found) ? 'forbidden' : 'not-found';
}

/** Drafts are visible to members; orders and tickets to nobody of the organization but those whom a rule names. */
const isVisible = (resource: Resource, { isPublic, isSelf, role }: Found) =>
  isPublic || isSelf || (resource === 'event' && role !== null);
