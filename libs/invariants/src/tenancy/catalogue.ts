/** A table, or a view that reads with its owner's rights. */
interface Relation {
  name: string;
  kind: 'r' | 'p' | 'v' | 'm';
  has_tenant: boolean;
  enabled: boolean;
  forced: boolean;
  /** A column that the current role may update, if there is any. */
  updatable: string | null;
}

interface PolicyRow {
  table_name: string;
  name: string;
  command: string;
  reads: string | null;
  writes: string | null;
}

export interface TenantTable {
  name: string;
  updatable: string | null;
  /** SQL for the rows that everybody may see; null if there are none. */
  published: string | null;
}

/** Tables of a service's database by whether they have a `tenant_id`, and what is wrong with them, in sentences. */
export interface Catalogue {
  tenantTables: TenantTable[];
  /** Names of the others. */
  otherTables: string[];
  violations: string[];
}

/**
 * Everything in the catalogue by which a table, a view, a function or a login could step around the tenants.
 * @param query asks as the service's own role
 */
export async function judgeCatalogue(query: (sql: string) => Promise<unknown>): Promise<Catalogue> {
  const relations = (await query(RELATIONS)) as Relation[];
  const policies = (await query(POLICIES)) as PolicyRow[];
  const roles = (await query(ROLES)) as { violation: string }[];
  const functions = (await query(FUNCTIONS)) as { violation: string }[];
  const references = (await query(REFERENCES)) as { violation: string }[];
  const schemas = (await query(SCHEMAS)) as { violation: string }[];
  const violations = [...roles, ...functions, ...references, ...schemas].map(({ violation }) => violation);
  const tables = relations.filter(({ kind }) => kind === 'r' || kind === 'p');
  const tenantTables = tables.filter((table) => table.has_tenant);
  const policiesOf = (table: string) => policies.filter(({ table_name }) => table_name === table);

  for (const { name } of relations.filter(({ kind }) => kind === 'v' || kind === 'm'))
    violations.push(`${name} is a view that reads with the rights of its owner`);
  for (const { name, enabled, forced } of tenantTables) {
    if (!enabled) violations.push(`${name} does not enable row-level security`);
    if (!forced) violations.push(`${name} does not force row-level security upon its owner`);
    violations.push(...judgePolicies(name, policiesOf(name)));
  }
  return {
    tenantTables: tenantTables.map(({ name, updatable }) => ({
      ...{ name, updatable },
      published: policiesOf(name).find((policy) => policy.name === 'public')?.reads ?? null,
    })),
    otherTables: tables.filter((table) => !table.has_tenant).map(({ name }) => name),
    violations,
  };
}

/** One policy writes, the tenant's; every other one that binds the service's login may only show rows. */
function judgePolicies(table: string, policies: readonly PolicyRow[]): string[] {
  const namesTenant = (rule: string | null) => /\btenant_id = .*'app\.tenant_id'/.test(rule ?? '');
  const writing = policies.filter(({ command }) => command !== 'SELECT');
  const violations = writing
    .filter(({ reads, writes }) => !namesTenant(reads) || !namesTenant(writes))
    .map(({ name }) => `${table}: policy ${name} lets rows be written, but does not hold them to the tenant both ways`);
  return writing.length === 0 ? [`${table} has no tenant policy`] : violations;
}

const RELATIONS = `
  select c.relname as name, c.relkind as kind, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant,
    (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     and a.attidentity = '' and has_column_privilege(c.oid, a.attnum, 'update') order by a.attnum limit 1) as updatable
  from pg_class c
  where c.relnamespace = 'public'::regnamespace
    and (c.relkind in ('r', 'p', 'm') or c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false))
  order by c.relname`;

// Policies that bind the login: its own and PUBLIC's. It inherits from no other role.
const POLICIES = `
  select tablename as table_name, policyname as name, cmd as command, qual as reads, with_check as writes from pg_policies
  where schemaname = 'public' and permissive = 'PERMISSIVE' and roles && array[current_user, 'public']::name[]`;

// Roles that nobody can become: whoever can become the owner of a function may rewrite what it decides.
const OWNS_FUNCTIONS = `r.rolname in (current_database() || '_code', current_database() || '_self')`;

const ROLES = `
  select 'the role ' || r.rolname || ' ' || fault.text as violation
  from pg_roles r, lateral (values
    (r.rolsuper, 'is a superuser'),
    (r.rolbypassrls, 'bypasses row-level security'),
    (r.rolcreatedb or r.rolcreaterole or r.rolreplication, 'may make databases or roles, or replicate'),
    (exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
             where m.member = r.oid and g.rolname <> current_database() || '_jobs'), 'is a member of a role that is not its job role'),
    (has_database_privilege(r.oid, current_database(), 'temp'), 'may make temporary tables, which shadow ours'),
    (has_schema_privilege(r.oid, 'public', 'create'), 'may make tables'),
    (r.rolinherit and r.rolname = current_user, 'inherits the rights of its job role'),
    (r.rolcanlogin and r.rolname <> current_user, 'may log in'),
    (exists (select from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = r.oid and deptype = 'o'
             and (classid <> 'pg_proc'::regclass or not ${OWNS_FUNCTIONS})), 'owns tables or other objects'),
    (exists (select from pg_database d where d.datname = current_database() and d.datdba = r.oid), 'owns the database')
  ) as fault (holds, text)
  where fault.holds and (r.rolname in (current_user, current_database() || '_jobs') or ${OWNS_FUNCTIONS})`;

// pg_temp is looked into first unless it is named.
const FUNCTIONS = `
  select 'the function ' || p.proname || ' ' || fault.text as violation
  from pg_proc p join pg_roles r on r.oid = p.proowner, lateral (values
    (r.rolsuper or r.rolbypassrls, 'runs as a role that bypasses row-level security'),
    (not ${OWNS_FUNCTIONS}, 'runs as a role that is not there for functions'),
    (not exists (select from unnest(p.proconfig) as setting where setting ~ '^search_path=(.+, )?pg_temp$'),
     'can be misled by the search path, or the temporary tables, of its caller'),
    (exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as acl where acl.grantee = 0), 'may be called by anybody'),
    (exists (select from aclexplode(p.proacl) as acl join pg_roles g on g.oid = acl.grantee
             where g.oid <> p.proowner and g.rolname <> current_database()), 'may be called by a role that does not need it')
  ) as fault (holds, text)
  where fault.holds and p.prosecdef and p.pronamespace = 'public'::regnamespace`;

// A reference without the tenant would let a row hang on another tenant's, and tell that it exists.
const REFERENCES = `
  select conrelid::regclass || ': the foreign key ' || conname || ' may refer to a row of another tenant' as violation
  from pg_constraint c
  where contype = 'f' and connamespace = 'public'::regnamespace
    and exists (select from pg_attribute where attrelid = confrelid and attname = 'tenant_id' and not attisdropped)
    and not exists (select from unnest(conkey, confkey) as k (own, other)
      join pg_attribute o on o.attrelid = conrelid and o.attnum = k.own
      join pg_attribute t on t.attrelid = confrelid and t.attnum = k.other
      where o.attname = 'tenant_id' and t.attname = 'tenant_id')`;

// What is not judged here must not be reached.
const SCHEMAS = `
  select 'the login may look into the schema ' || nspname || ', which is not judged' as violation
  from pg_namespace
  where nspname not in ('public', 'pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
    and has_schema_privilege(oid, 'usage')`;
