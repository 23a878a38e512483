import { openJobDoor, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An account that is erased stays as an id without a person, for its orders, tickets and deeds refer to it. What a person
 * has at every tenant no door opens for writing at once, so two functions do it: `leave_organizations`, with the account, and
 * `erase_traces`, then and some times later, for words about the person that were on their way.
 */
export class Erasure1767000000131 implements MigrationInterface {
  name = 'Erasure1767000000131';

  async up(runner: QueryRunner): Promise<void> {
    const { app, jobs } = await rolesOf(runner);
    await runner.query(`
      alter table users add erased_at timestamptz, alter password_hash drop not null;
      create index on users (erased_at) where erased_at is not null;
      grant select (erased_at) on users to ${jobs};
      create index order_steps_by_staff on order_steps ((detail -> 'by' ->> 'id')) where detail ? 'by';
      grant delete on members, invitations to ${jobs};
      -- FOR NO KEY UPDATE asks for the right to update some column; nothing is changed.
      grant update (name) on organizations to ${jobs};
      grant select (caller_id) on idempotency_keys to ${jobs};
    `);
    await openJobDoor(runner, 'order_steps', 'select (tenant_id, order_id, detail), update (detail)');
    const settings = 'security definer set search_path = pg_catalog, public, pg_temp';
    await runner.query(`grant create on schema public to ${jobs}`);
    // Takes nothing away while an organization would be left without an owner: then it says which.
    await runner.query(`
      create function leave_organizations(person uuid, address text) returns table (id uuid, name text) language plpgsql ${settings} as $$
      begin
        perform from organizations o where o.tenant_id in (select m.tenant_id from members m where m.user_id = person)
          order by o.tenant_id for no key update;
        return query select o.tenant_id, o.name from members m join organizations o using (tenant_id)
          where m.user_id = person and m.role = 'owner' and not exists (
            select from members other where other.tenant_id = m.tenant_id and other.role = 'owner' and other.user_id <> person)
          order by o.name;
        if found then return; end if;
        delete from members m where m.user_id = person;
        delete from invitations i where i.email = address;
      end $$`);
    await runner.query(`
      create function erase_traces(person uuid) returns void language sql ${settings} as $$
        delete from idempotency_keys where caller_id = person;
        update audit_log_entries set network = null where actor_id = person and network is not null;
        update order_steps set detail = detail - 'recipient' where detail ? 'recipient'
          and (tenant_id, order_id) in (select o.tenant_id, o.id from orders o where o.user_id = person);
        update order_steps set detail = jsonb_set(detail, '{by,name}', '"Erased person"')
          where detail ? 'by' and detail -> 'by' ->> 'id' = person::text and detail -> 'by' ->> 'name' <> 'Erased person';
      $$`);
    for (const name of ['leave_organizations(uuid, text)', 'erase_traces(uuid)']) {
      await runner.query(`alter function ${name} owner to ${jobs}`);
      await runner.query(`revoke all on function ${name} from public`);
      await runner.query(`grant execute on function ${name} to ${app}`);
    }
    await runner.query(`revoke create on schema public from ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function leave_organizations(uuid, text), erase_traces(uuid)');
    await runner.query('drop policy jobs on order_steps');
    await runner.query('drop index order_steps_by_staff');
    await runner.query('alter table users drop erased_at');
  }
}
