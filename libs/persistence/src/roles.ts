import pg from 'pg';
import { databaseOf, onServer } from './ensure-database.js';

const quote = pg.escapeIdentifier;

/**
 * The service's login role, which bears the database's name, and its job role, `<database>_jobs`. The login role inherits nothing: it becomes the job
 * role only where a cross-tenant job says so (`Database.asJob`). Two roles own functions, and nobody but the owner of the database
 * can become them: `<database>_code`, with the rights of the jobs, and `<database>_self`, for what concerns one person at every
 * tenant. Time limits stand on the role and not in the connection's start-up message, which pgbouncer would refuse.
 */
export async function ensureRoles(url: string, password: string): Promise<void> {
  const database = databaseOf(url);
  const role = database;
  const jobs = `${database}_jobs`;
  const code = `${database}_code`;
  const self = `${database}_self`;
  await onServer(url, async (client) => {
    for (const [name, attributes] of [
      [role, 'login noinherit'],
      [jobs, 'nologin'],
      [code, 'nologin'],
      [self, 'nologin'],
    ] as const) {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
      if (rowCount === 0)
        await client.query(`create role ${quote(name)} ${attributes} nosuperuser nobypassrls nocreatedb nocreaterole`);
    }
    await client.query(`alter role ${quote(role)} password ${pg.escapeLiteral(password)}`);
    await client.query(`grant ${quote(jobs)} to ${quote(role)}, ${quote(code)}, current_user`);
    // The owner, who may be no superuser, gives them functions.
    await client.query(`grant ${quote(code)}, ${quote(self)} to current_user`);
    await client.query(`revoke all on database ${quote(database)} from public`);
    await client.query(`grant connect on database ${quote(database)} to ${quote(role)}`);
    for (const [setting, value] of Object.entries(TIME_LIMITS)) {
      await client.query(`alter role ${quote(role)} in database ${quote(database)} set ${setting} = '${value}'`);
    }
  });
}

/** A statement that takes longer is a mistake; a connection that idles in a transaction holds locks. */
const TIME_LIMITS = { statement_timeout: '10s', lock_timeout: '5s', idle_in_transaction_session_timeout: '20s' };

/** Nobody but the owner makes tables; both roles may look into the schema. */
export async function grantSchema(client: pg.Client): Promise<void> {
  const role = client.database ?? '';
  const [jobs, self] = [`${role}_jobs`, `${role}_self`];
  await client.query('revoke create on schema public from public');
  await client.query(`grant usage on schema public to ${quote(role)}, ${quote(jobs)}, ${quote(self)}`);
}
