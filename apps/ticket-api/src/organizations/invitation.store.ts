import { Injectable } from '@nestjs/common';
import type { Role } from '@app/contracts';
import { Database } from '@app/persistence';
import type { Invitation } from './invitation.js';

export interface NewInvitation {
  id: string;
  tenantId: string;
  email: string;
  role: Role;
  invitedBy: string;
}

interface Row {
  id: string;
  email: string;
  role: Role;
  expires_at: Date;
  accepted_at: Date | null;
  revoked_at: Date | null;
  now: Date;
}

const COLUMNS = 'id, email, role, expires_at, accepted_at, revoked_at, now() as now';

/** Every method works in the organization's open transaction. */
@Injectable()
export class InvitationStore {
  constructor(private readonly database: Database) {}

  /** Takes the place of the e-mail's open invitation, if there is one. Ends in 7 days. */
  async replace({ id, tenantId, email, role, invitedBy }: NewInvitation): Promise<Invitation> {
    const transaction = this.database.current();
    await transaction.execute(
      `update invitations set revoked_at = now()
       where tenant_id = $1 and email = $2 and accepted_at is null and revoked_at is null`,
      [tenantId, email],
    );
    const [row] = await transaction.query<Row>(
      `insert into invitations (id, tenant_id, email, role, invited_by, expires_at)
       values ($1, $2, $3, $4, $5, now() + interval '7 days') returning ${COLUMNS}`,
      [id, tenantId, email, role, invitedBy],
    );
    return toInvitation(row!);
  }

  async find(tenantId: string, id: string): Promise<{ invitation: Invitation; now: Date } | undefined> {
    const [row] = await this.database
      .current()
      .query<Row>(`select ${COLUMNS} from invitations where tenant_id = $1 and id = $2`, [tenantId, id]);
    return row && { invitation: toInvitation(row), now: row.now };
  }

  /** Those that can be accepted now, by id. */
  async pending(tenantId: string, after: string | null, limit: number): Promise<Invitation[]> {
    const rows = await this.database.current().query<Row>(
      `select ${COLUMNS} from invitations
       where tenant_id = $1 and accepted_at is null and revoked_at is null and expires_at > now() and ($2::uuid is null or id > $2)
       order by id limit $3`,
      [tenantId, after, limit],
    );
    return rows.map(toInvitation);
  }

  /** @returns whether it was open. */
  async revoke(tenantId: string, id: string): Promise<boolean> {
    const revoked = await this.database
      .current()
      .execute(
        'update invitations set revoked_at = now() where tenant_id = $1 and id = $2 and accepted_at is null and revoked_at is null',
        [tenantId, id],
      );
    return revoked === 1;
  }

  async markAccepted(tenantId: string, id: string): Promise<void> {
    await this.database
      .current()
      .execute('update invitations set accepted_at = now() where tenant_id = $1 and id = $2', [tenantId, id]);
  }
}

const toInvitation = ({ id, email, role, ...row }: Row): Invitation => ({
  id,
  email,
  role,
  expiresAt: row.expires_at,
  acceptedAt: row.accepted_at,
  revokedAt: row.revoked_at,
});
