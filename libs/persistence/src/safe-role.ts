import type { DataSource } from 'typeorm';

/**
 * Row-level security binds neither superusers, nor BYPASSRLS roles, nor (without FORCE) owners: a service that logs in
 * as one of them would have no tenants. @throws with the role's name and what to do.
 */
export async function assertSafeRole(source: DataSource): Promise<void> {
  const [role] = (await source.query(
    `select current_user as name, r.rolsuper or r.rolbypassrls as bypasses, r.rolinherit as inherits,
            exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'member')) as owns
     from pg_roles r where r.rolname = current_user`,
  )) as { name: string; bypasses: boolean; inherits: boolean; owns: boolean }[];
  if (!role) throw new Error('The database login has no role.');
  const reasons = [
    role.bypasses && 'bypasses row-level security',
    role.owns && 'owns tables',
    role.inherits && 'inherits the rights of its job role',
  ].filter(Boolean);
  if (reasons.length > 0) {
    throw new Error(
      `The database role ${role.name} ${reasons.join(' and ')}. Log in as the role that the migrations created for this service.`,
    );
  }
}
