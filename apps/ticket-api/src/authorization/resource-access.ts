import { Injectable } from '@nestjs/common';
import type { Resource, ResourceRule, Role } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { decide, type Found, type Location } from './access-policy.js';

interface Row {
  tenant_id: string;
  is_public: boolean;
  is_self: boolean | null;
  role: Role | null;
}

/** Judges what a caller may do to a resource. Roles are read at every call: one that was taken away ends at once. */
@Injectable()
export class ResourceAccess {
  constructor(private readonly database: Database) {}

  /** Tenant of a resource and what the caller (null: anybody) is there; null when there is no such id. */
  async locate(resource: Resource | 'invitation', id: string, userId: string | null): Promise<Found | null> {
    const [row] = await this.database.lookUp<Row>(`select * from locate_${resource}($1, $2)`, [id, userId]);
    if (!row) return null;
    return { tenantId: row.tenant_id, isPublic: row.is_public, isSelf: row.is_self ?? false, role: row.role };
  }

  /**
   * For a resource that the path names (by its rule) and for one that a body names.
   * @throws ProblemError `not-found` (also when the caller may not see it and no part of the rule fits) or `forbidden`.
   */
  async require(resource: Resource, id: string, userId: string, anyOf: ResourceRule['anyOf']): Promise<Location> {
    const found = await this.locate(resource, id, userId);
    const decision = decide({ resource, anyOf }, found);
    if (decision === 'forbidden') throw new ProblemError('forbidden', `This takes one of: ${anyOf.join(', ')}.`);
    if (decision === 'not-found' || !found) throw notFound(`This ${resource}`);
    return { tenantId: found.tenantId, role: found.role, isSelf: found.isSelf };
  }
}
