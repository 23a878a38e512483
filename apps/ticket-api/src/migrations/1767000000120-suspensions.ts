import { CURRENT_USER_ID, openReadDoor, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The platform's administrators can suspend an organization. Its events carry the fact too: what the public sees and
 * what is sold is judged by the event's row alone. The look-ups tell it with the tenant, so that no request asks twice.
 */
export class Suspensions1767000000120 implements MigrationInterface {
  name = 'Suspensions1767000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table organizations
        add suspended_at timestamptz,
        add suspended_by uuid references users,
        add suspension_reason text,
        add constraint suspensions_are_whole check (num_nulls(suspended_at, suspended_by, suspension_reason) in (0, 3));
      create index suspended_organizations on organizations (tenant_id) where suspended_at is not null;
      alter table events add suspended boolean not null default false;
      alter policy public on events using (status <> 'draft' and not suspended);
    `);
    // Whoever bought keeps seeing what the order is for.
    await openReadDoor(
      runner,
      'events',
      'person',
      `suspended and exists (select from orders where orders.tenant_id = events.tenant_id and orders.event_id = events.id and orders.user_id = ${CURRENT_USER_ID})`,
    );
    await replaceLookUps(runner, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await replaceLookUps(runner, false);
    await runner.query(`
      drop policy person on events;
      alter policy public on events using (status <> 'draft');
      alter table events drop suspended;
      alter table organizations drop suspended_at, drop suspended_by, drop suspension_reason;
    `);
  }
}

const COLUMNS = 'tenant_id uuid, is_public boolean, is_self boolean, role text';

/** As in `look-ups`, and whether the organization is suspended; a suspended organization's event is not public. */
function lookUps(withSuspension: boolean): Record<string, string> {
  const roleOf = (row: string) =>
    `(select m.role from members m where m.tenant_id = ${row}.tenant_id and m.user_id = caller)`;
  const stands = (row: string) =>
    withSuspension
      ? `, (select s.suspended_at is not null from organizations s where s.tenant_id = ${row}.tenant_id)`
      : '';
  const isPublic = `e.status <> 'draft'${withSuspension ? ' and not e.suspended' : ''}`;
  return {
    locate_organization: `select o.tenant_id, true, false, ${roleOf('o')}${stands('o')} from organizations o where o.tenant_id = wanted`,
    locate_event: `select e.tenant_id, ${isPublic}, false, ${roleOf('e')}${stands('e')} from events e where e.id = wanted`,
    locate_order: `select o.tenant_id, false, o.user_id = caller, ${roleOf('o')}${stands('o')} from orders o where o.id = wanted`,
    locate_ticket: `select t.tenant_id, false, t.holder_id = caller, ${roleOf('t')}${stands('t')} from tickets t where t.id = wanted`,
    // Self is the person with the e-mail that was invited.
    locate_invitation: `select i.tenant_id, false, exists (select from users u where u.id = caller and u.email = i.email), ${roleOf('i')}${stands('i')} from invitations i where i.id = wanted`,
  };
}

/** A function's columns cannot be changed: it is made anew, with the same owner and rights. */
async function replaceLookUps(runner: QueryRunner, withSuspension: boolean): Promise<void> {
  const { app, jobs } = await rolesOf(runner);
  const columns = withSuspension ? `${COLUMNS}, is_suspended boolean` : COLUMNS;
  // A function's new owner needs CREATE on the schema at that moment.
  await runner.query(`grant create on schema public to ${jobs}`);
  for (const [name, sql] of Object.entries(lookUps(withSuspension))) {
    await runner.query(`drop function ${name}(uuid, uuid)`);
    // pg_temp last: where it is not named it comes first, and a table of the caller's would be read.
    await runner.query(
      `create function ${name}(wanted uuid, caller uuid) returns table (${columns}) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$ ${sql} $$`,
    );
    await runner.query(`alter function ${name}(uuid, uuid) owner to ${jobs}`);
    await runner.query(`revoke all on function ${name}(uuid, uuid) from public`);
    await runner.query(`grant execute on function ${name}(uuid, uuid) to ${app}`);
  }
  await runner.query(`revoke create on schema public from ${jobs}`);
}
