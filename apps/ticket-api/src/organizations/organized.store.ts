import type { Database } from '@app/persistence';

/** The organizations in which a person may see every order and ticket, by the person's own door. */
export async function tenantsOrganizedBy(database: Database, userId: string): Promise<string[]> {
  const rows = await database.asPerson(userId, (transaction) =>
    transaction.query<{ tenant_id: string }>(
      `select tenant_id from members where user_id = $1 and role in ('organizer', 'owner') order by tenant_id`,
      [userId],
    ),
  );
  return rows.map((row) => row.tenant_id);
}
