import { Injectable } from '@nestjs/common';
import { isApiKey, type Principal } from '@app/auth';
import type { Resource, ResourceRule, Role } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { decide, type Found, type Location } from './access-policy.js';

interface Row {
  tenant_id: string;
  is_public: boolean;
  is_self: boolean | null;
  role: Role | null;
  is_suspended: boolean;
}

/** What an id in the path says beside the resource. */
interface Circumstances {
  /** The call may be made at a suspended organization. */
  evenSuspended?: boolean;
  /** The path names the caller: among the members of an organization that one is `self`. */
  isSelf?: boolean;
}

/** Judges what a caller may do to a resource. Roles are read at every call: one that was taken away ends at once. */
@Injectable()
export class ResourceAccess {
  constructor(private readonly database: Database) {}

  /** Tenant of a resource and what the caller (null: anybody) is there; null when there is no such id. */
  async locate(
    resource: Resource | 'invitation' | 'transfer',
    id: string,
    userId: string | null,
  ): Promise<Found | null> {
    const [row] = await this.database.lookUp<Row>(`select * from locate_${resource}($1, $2)`, [id, userId]);
    if (!row) return null;
    return {
      tenantId: row.tenant_id,
      isPublic: row.is_public,
      isSelf: row.is_self ?? false,
      role: row.role,
      isSuspended: row.is_suspended,
    };
  }

  /**
   * The same for whoever acts. A key is an organizer of its organization, a device's at its event; its scopes were judged before.
   * @throws ProblemError `organization-suspended` for a key of such an organization: it does nothing at all.
   */
  async locateFor(resource: Resource, id: string, principal: Principal | null): Promise<Found | null> {
    if (!principal || !isApiKey(principal)) return this.locate(resource, id, principal && principal.userId);
    const found = await this.locate(resource, id, null);
    if (found?.tenantId !== principal.tenantId) return found && { ...found, role: null };
    if (found.isSuspended) throw suspended();
    const { device, tenantId } = principal;
    if (device?.eventId && (await this.eventOf(resource, id, tenantId)) !== device.eventId)
      return { ...found, role: null };
    return { ...found, role: 'organizer' };
  }

  /** The event that a resource belongs to; undefined for one that belongs to none. */
  private async eventOf(resource: Resource, id: string, tenantId: string): Promise<string | undefined> {
    if (resource === 'event') return id;
    if (resource !== 'ticket') return undefined;
    const [ticket] = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<{ event_id: string }>('select event_id from tickets where id = $1', [id], 'event-of-ticket'),
    );
    return ticket?.event_id;
  }

  /**
   * For a resource that the path names (by its rule) and for one that a body names.
   * @throws ProblemError `not-found` (also when the caller may not see it and no part of the rule fits), `forbidden`, or
   * `organization-suspended`.
   */
  async require(
    resource: Resource,
    id: string,
    principal: Principal,
    anyOf: ResourceRule['anyOf'],
    { evenSuspended, isSelf }: Circumstances = {},
  ): Promise<Location> {
    const located = await this.locateFor(resource, id, principal);
    const isMember = resource === 'organization' && isSelf === true && located?.role !== null;
    const found = located && isMember ? { ...located, isSelf: true } : located;
    const decision = decide({ resource, anyOf, ...(evenSuspended ? { evenSuspended } : {}) }, found);
    if (decision === 'suspended') throw suspended();
    if (decision === 'forbidden') throw new ProblemError('forbidden', `This takes one of: ${anyOf.join(', ')}.`);
    if (decision === 'not-found' || !found) throw notFound(`This ${resource}`);
    return { tenantId: found.tenantId, role: found.role, isSelf: found.isSelf };
  }
}

/** 403, to people and keys of an organization that the platform suspended. */
export const suspended = () => new ProblemError('organization-suspended');
