import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';

/**
 * The accounts at the provider that take an organization's money, inside the open transaction of the tenant. For now that
 * is the platform's own, one row of each tenant: docs/decisions/0016-platform-account-only.md.
 */
@Injectable()
export class PaymentAccountStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The id of the account that new payments are made with, the newest: the platform's, unless there is another. */
  async current(tenantId: string): Promise<string> {
    const known = await this.newest(tenantId);
    if (known) return known;
    await this.database
      .current()
      .execute(
        `insert into payment_accounts (id, tenant_id, provider) values ($1, $2, 'stripe') on conflict do nothing`,
        [uuid(), tenantId],
      );
    // Perhaps one that somebody else has just made.
    const made = await this.newest(tenantId);
    if (!made) throw new Error(`Tenant ${tenantId} has no account at the provider.`);
    return made;
  }

  private async newest(tenantId: string): Promise<string | undefined> {
    const [account] = await this.database
      .current()
      .query<{ id: string }>(
        'select id from payment_accounts where tenant_id = $1 order by created_at desc, id desc limit 1',
        [tenantId],
      );
    return account?.id;
  }
}
