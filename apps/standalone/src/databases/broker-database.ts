import pg from 'pg';
import type { ServiceDatabase } from './databases.js';

/** Makes the database in which pg-boss keeps the messages, and the login that may make its schema there. */
export async function provisionBroker(server: pg.Client, { name, role, password }: ServiceDatabase): Promise<void> {
  const [database, login] = [pg.escapeIdentifier(name), pg.escapeIdentifier(role)];
  const known = await server.query('select from pg_roles where rolname = $1', [role]);
  if (known.rowCount === 0) await server.query(`create role ${login} login nosuperuser nobypassrls nocreatedb nocreaterole`);
  await server.query(`alter role ${login} password ${pg.escapeLiteral(password)}`);
  const made = await server.query('select from pg_database where datname = $1', [name]);
  if (made.rowCount === 0) await server.query(`create database ${database} encoding 'UTF8' template template0`);
  await server.query(`revoke all on database ${database} from public`);
  await server.query(`grant connect, create on database ${database} to ${login}`);
}
