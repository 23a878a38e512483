import { Controller, Query } from '@nestjs/common';
import { listInvitations, type Invitation, type PageQuery } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { z } from 'zod';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { InvitationStore } from '../invitation.store.js';

@Controller()
export class ListInvitationsController {
  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationStore,
  ) {}

  /** Oldest first. */
  @Operation(listInvitations)
  async list(
    @Located() { tenantId }: Location,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<{ data: Invitation[]; nextCursor: string | null }> {
    const after = decodeCursor(cursor, z.uuid()) ?? null;
    const rows = await this.database.asTenant(tenantId, () => this.invitations.pending(tenantId, after, limit + 1));
    const data = rows.slice(0, limit).map(({ id, email, role, expiresAt }) => ({
      ...{ id, organizationId: tenantId, email, role },
      ...{ status: 'pending' as const, expiresAt: expiresAt.toISOString() },
    }));
    return { data, nextCursor: rows.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}
