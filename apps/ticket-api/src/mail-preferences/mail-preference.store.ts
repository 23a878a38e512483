import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT, type MailPreferences } from '@app/contracts';
import { Database } from '@app/persistence';

type Kind = 'reminder';

/** Mails that people do not want, each a row: of one organization, or of all at the platform's tenant. */
@Injectable()
export class MailPreferenceStore {
  constructor(private readonly database: Database) {}

  /** Saying it twice changes nothing. An account that is erased has no wishes. */
  async refuse(kind: Kind, tenantId: string, userId: string): Promise<void> {
    await this.database.asTenant(tenantId, (transaction) =>
      transaction.execute(
        `insert into mail_preferences (tenant_id, user_id, kind)
         select $1, id, $3 from users where id = $2 and erased_at is null on conflict do nothing`,
        [tenantId, userId, kind],
      ),
    );
  }

  async accept(kind: Kind, tenantId: string, userId: string): Promise<void> {
    await this.database.asTenant(tenantId, (transaction) =>
      transaction.execute('delete from mail_preferences where tenant_id = $1 and user_id = $2 and kind = $3', [
        tenantId,
        userId,
        kind,
      ]),
    );
  }

  /** Those of these people who do not want this kind of mail of this organization, or of any. */
  async unsubscribed(kind: Kind, tenantId: string, userIds: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const tenant of [tenantId, PLATFORM_TENANT]) {
      const rows = await this.database.asTenant(tenant, (transaction) =>
        transaction.query<{ id: string }>(
          'select user_id as id from mail_preferences where tenant_id = $1 and kind = $2 and user_id = any($3)',
          [tenant, kind, userIds],
        ),
      );
      for (const { id } of rows) found.add(id);
    }
    return found;
  }

  /** Through the person's own door. */
  async of(userId: string): Promise<MailPreferences> {
    const rows = await this.database.asPerson(userId, (transaction) =>
      transaction.query<{ organizationId: string }>(
        `select tenant_id as "organizationId" from mail_preferences where user_id = $1 and kind = 'reminder' order by tenant_id`,
        [userId],
      ),
    );
    const refused = rows.filter(({ organizationId }) => organizationId !== PLATFORM_TENANT);
    return {
      reminders: refused.length === rows.length,
      organizations: refused.map(({ organizationId }) => ({ organizationId, reminders: false })),
    };
  }
}
