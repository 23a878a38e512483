import { Injectable } from '@nestjs/common';
import type { AdministeredOrganization, ListAllOrganizations } from '@app/contracts';
import { Database } from '@app/persistence';

interface Row {
  tenant_id: string;
  name: string;
  slug: string;
  created_at: Date;
  suspended_at: Date | null;
  suspension_reason: string | null;
}

const COLUMNS = 'tenant_id, name, slug, created_at, suspended_at, suspension_reason';

const PAGE = `select ${COLUMNS} from organizations
  where ($1::uuid is null or tenant_id > $1)
    and ($2::text is null or slug = lower($2) or position(lower($2) in lower(name)) > 0)
    and ($3::text is null or (suspended_at is not null) = ($3 = 'suspended'))
  order by tenant_id limit $4`;

/** Organizations as the platform's administrators see and stop them. */
@Injectable()
export class AdministrationStore {
  constructor(private readonly database: Database) {}

  /** Of every tenant, by id: one more than the page has, if there are more. */
  async list(
    { limit, q, status }: Omit<ListAllOrganizations, 'cursor'>,
    after: string | null,
  ): Promise<AdministeredOrganization[]> {
    const rows = await this.database.asJob((transaction) =>
      transaction.query<Row>(PAGE, [after, q ?? null, status ?? null, limit + 1]),
    );
    return rows.map(toView);
  }

  /**
   * Inside the tenant's open transaction. Its events follow: what is being published or changed at this moment is waited
   * for. A suspended organization stays as it is.
   * @returns whether it was in force
   */
  async suspend(tenantId: string, by: string, reason: string): Promise<boolean> {
    const transaction = this.database.current();
    const changed = await transaction.execute(
      `update organizations set suspended_at = now(), suspended_by = $2, suspension_reason = $3
       where tenant_id = $1 and suspended_at is null`,
      [tenantId, by, reason],
    );
    await transaction.execute('update events set suspended = true where tenant_id = $1 and not suspended', [tenantId]);
    return changed === 1;
  }

  /** @returns whether it was suspended. */
  async reinstate(tenantId: string): Promise<boolean> {
    const transaction = this.database.current();
    const changed = await transaction.execute(
      `update organizations set suspended_at = null, suspended_by = null, suspension_reason = null
       where tenant_id = $1 and suspended_at is not null`,
      [tenantId],
    );
    await transaction.execute('update events set suspended = false where tenant_id = $1 and suspended', [tenantId]);
    return changed === 1;
  }

  async find(tenantId: string): Promise<AdministeredOrganization | undefined> {
    const [row] = await this.database
      .current()
      .query<Row>(`select ${COLUMNS} from organizations where tenant_id = $1 for no key update`, [tenantId]);
    return row && toView(row);
  }
}

const toView = (row: Row): AdministeredOrganization => ({
  id: row.tenant_id,
  name: row.name,
  slug: row.slug,
  status: row.suspended_at ? 'suspended' : 'active',
  createdAt: row.created_at.toISOString(),
  suspendedAt: row.suspended_at?.toISOString() ?? null,
  reason: row.suspension_reason,
});
