import pg from 'pg';
import type { QueryRunner } from 'typeorm';

/** The tenant that the door has set; NULL when nothing is set, which equals no row's. */
export const CURRENT_TENANT = `nullif(current_setting('app.tenant_id', true), '')::uuid`;
/** The person that the door has set. */
export const CURRENT_USER_ID = `nullif(current_setting('app.user_id', true), '')::uuid`;
/** The people whose work shares a transaction; nobody when nothing is set. */
export const CURRENT_USER_IDS = `string_to_array(current_setting('app.user_ids', true), ',')::uuid[]`;

/** Quoted names of the service's roles, for a migration's SQL. By convention the login role bears the database's name. */
export async function rolesOf(runner: QueryRunner): Promise<{ app: string; jobs: string; code: string; self: string }> {
  const [{ name }] = (await runner.query('select current_database() as name')) as [{ name: string }];
  const of = (suffix: string) => pg.escapeIdentifier(name + suffix);
  return { app: of(''), jobs: of('_jobs'), code: of('_code'), self: of('_self') };
}

/**
 * Puts a table with a `tenant_id` behind the tenant's door: row-level security, forced also upon the owner, one policy
 * for reading and writing, and the login role's rights.
 */
export async function protectTenantTable(
  runner: QueryRunner,
  table: string,
  rights = 'select, insert, update, delete',
): Promise<void> {
  const { app } = await rolesOf(runner);
  const name = pg.escapeIdentifier(table);
  await runner.query(`alter table ${name} enable row level security`);
  await runner.query(`alter table ${name} force row level security`);
  await runner.query(
    `create policy tenant on ${name} to ${app} using (tenant_id = ${CURRENT_TENANT}) with check (tenant_id = ${CURRENT_TENANT})`,
  );
  await runner.query(`grant ${rights} on ${name} to ${app}`);
}

/** A further door: rows that may be read though no tenant is set. `using` is SQL over the table's columns. */
export async function openReadDoor(
  runner: QueryRunner,
  table: string,
  door: 'person' | 'persons' | 'public',
  using: string,
): Promise<void> {
  const { app } = await rolesOf(runner);
  await runner.query(`create policy ${door} on ${pg.escapeIdentifier(table)} for select to ${app} using (${using})`);
}

/** Lets the job role at a table, with the rights that its jobs need (`select (id, tenant_id)`, `update (sent_at)`, …). */
export async function openJobDoor(runner: QueryRunner, table: string, rights: string): Promise<void> {
  const { jobs } = await rolesOf(runner);
  const name = pg.escapeIdentifier(table);
  await runner.query(`grant ${rights} on ${name} to ${jobs}`);
  await runner.query(`create policy jobs on ${name} to ${jobs} using (true) with check (true)`);
}

/** Gives every function of one role (its quoted name) to another; who may call them stays. */
export async function giveFunctions(runner: QueryRunner, from: string, to: string): Promise<void> {
  const functions = (await runner.query(
    'select oid::regprocedure as signature from pg_proc where proowner = $1::regrole',
    [from],
  )) as { signature: string }[];
  // A function's new owner needs CREATE on the schema at that moment.
  await runner.query(`grant create on schema public to ${to}`);
  for (const { signature } of functions) await runner.query(`alter function ${signature} owner to ${to}`);
  await runner.query(`revoke create on schema public from ${to}`);
}
