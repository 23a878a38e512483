import { isApiKey, type Principal } from '@app/auth';
import type { Database } from '@app/persistence';

/** The organizations in which somebody may see every order and ticket: a person's by the person's own door, a key's own. */
export async function tenantsOrganizedBy(database: Database, who: Principal): Promise<string[]> {
  if (isApiKey(who)) return [who.tenantId];
  const { userId } = who;
  const rows = await database.asPerson(userId, (transaction) =>
    transaction.query<{ tenant_id: string }>(
      `select tenant_id from members where user_id = $1 and role in ('organizer', 'owner') order by tenant_id`,
      [userId],
    ),
  );
  return rows.map((row) => row.tenant_id);
}
