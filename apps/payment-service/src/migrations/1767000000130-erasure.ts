import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose accounts were erased, as ids without a person, and what goes then: amounts, states and the provider's ids stay. A
 * question that the provider may still be asked stays to the letter until it is answered.
 */
export class Erasure1767000000130 implements MigrationInterface {
  name = 'Erasure1767000000130';

  async up(runner: QueryRunner): Promise<void> {
    const { app, jobs } = await rolesOf(runner);
    await runner.query(`
      create table erased_people (user_id uuid primary key, erased_at timestamptz not null default now());
      create index on erased_people (erased_at);
      grant select, insert on erased_people to ${app};
      create index refunds_decided_by on refunds (decided_by) where decided_by is not null;
      grant select (user_id), update (buyer_email) on owed_orders to ${jobs};
      grant update (parameters) on payments to ${jobs};
      grant update (decided_by_name) on refunds to ${jobs};
      grant select (caller_id) on idempotency_keys to ${jobs};
      grant create on schema public to ${jobs};
      create function erase_traces(person uuid) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
        update owed_orders set buyer_email = person || '@erased.invalid'
          where user_id = person;
        update payments set parameters = (parameters::jsonb - 'customer_email')::json
          where user_id = person and status <> 'opening' and parameters::jsonb ? 'customer_email';
        update refunds set decided_by_name = 'Erased person' where decided_by = person and decided_by_name <> 'Erased person';
        delete from idempotency_keys where caller_id = person;
      $$;
      alter function erase_traces(uuid) owner to ${jobs};
      revoke all on function erase_traces(uuid) from public;
      grant execute on function erase_traces(uuid) to ${app};
      revoke create on schema public from ${jobs};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function erase_traces(uuid); drop index refunds_decided_by; drop table erased_people');
  }
}
