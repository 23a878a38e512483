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
}

export type Decision = 'allowed' | 'forbidden' | 'not-found';

/**
 * Whether the rule lets the caller act. What the caller may not even see is answered as if it did not exist, so that ids
 * of private things cannot be tried out.
 */
export function decide({ resource, anyOf }: Pick<ResourceRule, 'resource' | 'anyOf'>, found: Found | null): Decision {
  if (!found) return 'not-found';
  if (anyOf.some((who) => (who === 'self' ? found.isSelf : who === found.role))) return 'allowed';
  return isVisible(resource, found) ? 'forbidden' : 'not-found';
}

/** Drafts are visible to members; orders and tickets to nobody of the organization but those whom a rule names. */
const isVisible = (resource: Resource, { isPublic, isSelf, role }: Found) =>
  isPublic || isSelf || (resource === 'event' && role !== null);
