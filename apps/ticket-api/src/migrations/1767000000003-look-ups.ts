import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * From an id in a path to its tenant and to what the caller is there. These functions run as the job role, so they see
 * across tenants; they give away nothing but the four columns below. `caller` may be null.
 */
const columns = 'table (tenant_id uuid, is_public boolean, is_self boolean, role text)';
const roleOf = (tenant: string) =>
  `(select m.role from members m where m.tenant_id = ${tenant} and m.user_id = caller)`;

const lookUps = {
  locate_organization: `select o.tenant_id, true, false, ${roleOf('o.tenant_id')} from organizations o where o.tenant_id = wanted`,
  locate_event: `select e.tenant_id, e.status <> 'draft', false, ${roleOf('e.tenant_id')} from events e where e.id = wanted`,
  locate_order: `select o.tenant_id, false, o.user_id = caller, ${roleOf('o.tenant_id')} from orders o where o.id = wanted`,
  locate_ticket: `select t.tenant_id, false, t.holder_id = caller, ${roleOf('t.tenant_id')} from tickets t where t.id = wanted`,
  // Self is the person with the e-mail that was invited.
  locate_invitation: `select i.tenant_id, false, exists (select from users u where u.id = caller and u.email = i.email), ${roleOf('i.tenant_id')} from invitations i where i.id = wanted`,
};

export class LookUps1767000000003 implements MigrationInterface {
  name = 'LookUps1767000000003';

  async up(runner: QueryRunner): Promise<void> {
    const { app, jobs } = await rolesOf(runner);
    // A function's new owner needs CREATE on the schema at that moment.
    await runner.query(`grant create on schema public to ${jobs}`);
    for (const [name, sql] of Object.entries(lookUps)) {
      await runner.query(
        `create function ${name}(wanted uuid, caller uuid) returns ${columns} language sql stable security definer set search_path = pg_catalog, public as $$ ${sql} $$`,
      );
      await runner.query(`alter function ${name}(uuid, uuid) owner to ${jobs}`);
      await runner.query(`revoke all on function ${name}(uuid, uuid) from public`);
      await runner.query(`grant execute on function ${name}(uuid, uuid) to ${app}`);
    }
    await runner.query(`revoke create on schema public from ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(lookUps)) await runner.query(`drop function ${name}(uuid, uuid)`);
  }
}
