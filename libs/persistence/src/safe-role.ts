import { ConfigurationError } from '@app/configuration';
import type { DataSource } from 'typeorm';

/**
 * Row-level security binds neither superusers, nor BYPASSRLS roles, nor (without FORCE) owners, and none of it binds who can
 * become another role: a service that logs in as one of them would have no tenants. The job role, which the login may become,
 * is judged too. @throws ConfigurationError with the role's name, everything that is wrong with it and what to do.
 */
export async function assertSafeRole(source: DataSource): Promise<void> {
  const faults = (await source.query(FAULTS)) as { name: string; fault: string }[];
  const [first] = faults;
  if (!first) return;
  const reasons = faults.map(({ fault }) => fault).join(' and ');
  throw new ConfigurationError(
    `The database role ${first.name} ${reasons}. Log in as the role that the migrations created for this service.`,
  );
}

// Of the login and not of the current role: `alter role … set role` would hide the one that `reset role` leads back to.
// Roles behind roles count, and what is owned in any database of the server: whoever owns a function may rewrite what it
// decides. What every new connection begins with, the login may itself change: a tenant or a role there would be set where none is.
const FAULTS = `
  select judged.place, login.rolname as name, case when is_login then '' else 'may become ' || r.rolname || ', which ' end || fault as fault
  from pg_roles login
  join pg_roles r on r.oid = login.oid or r.rolname = current_database() || '_jobs' and pg_has_role(login.oid, r.oid, 'member')
  cross join lateral (select r.oid = login.oid) as of_whom (is_login)
  cross join lateral (values
    (1, r.rolsuper, 'is a superuser'),
    (2, r.rolbypassrls, 'bypasses row-level security'),
    (3, r.rolcreatedb, 'may make databases'),
    (4, r.rolcreaterole, 'may make roles'),
    (5, r.rolreplication, 'may replicate'),
    (6, exists (select from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = r.oid and deptype = 'o'), 'owns tables or other objects'),
    (7, is_login and r.rolinherit, 'inherits the rights of its job role')
  ) as judged (place, holds, fault)
  where login.rolname = session_user and judged.holds
  union all
  select 8, session_user, 'may become ' || string_agg(rolname, ', ' order by rolname) from pg_roles
  where rolname not in (session_user, current_database() || '_jobs') and pg_has_role(session_user, oid, 'member')
    and not (select rolsuper from pg_roles where rolname = session_user)
  having count(*) > 0
  union all
  select 9, session_user, 'is given ' || string_agg(distinct name, ', ' order by name) || ' by default'
  from (select distinct split_part(unnest(setconfig), '=', 1) as name, setrole from pg_db_role_setting
        where setrole in (0, session_user::regrole) and setdatabase in (0, (select oid from pg_database where datname = current_database()))) as given
  -- The path of a whole database is its owner's choice.
  where name ~ '^(app\\..*|role|row_security)$' or name = 'search_path' and setrole <> 0
  having count(*) > 0
  order by place`;
