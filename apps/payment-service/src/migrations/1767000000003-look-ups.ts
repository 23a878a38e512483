import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From an id that the provider or a link names to its tenant. They run as the job role and give away nothing else. */
const lookUps = {
  'locate_order(wanted uuid)': {
    returns: 'table (tenant_id uuid)',
    sql: 'select o.tenant_id from owed_orders o where o.order_id = wanted',
  },
  'locate_payment(payment uuid, session text, intent text)': {
    returns: 'table (tenant_id uuid, payment_id uuid)',
    sql: `select p.tenant_id, p.id from payments p
          where p.id = payment or p.session_id = session or p.payment_intent = intent
          order by p.id = payment desc nulls last, p.session_id = session desc nulls last limit 1`,
  },
};

export class LookUps1767000000003 implements MigrationInterface {
  name = 'LookUps1767000000003';

  async up(runner: QueryRunner): Promise<void> {
    const { app, jobs } = await rolesOf(runner);
    // A function's new owner needs CREATE on the schema at that moment.
    await runner.query(`grant create on schema public to ${jobs}`);
    for (const [signature, { returns, sql }] of Object.entries(lookUps)) {
      await runner.query(
        `create function ${signature} returns ${returns} language sql stable security definer set search_path = pg_catalog, public as $$ ${sql} $$`,
      );
      await runner.query(`alter function ${signature} owner to ${jobs}`);
      await runner.query(`revoke all on function ${signature} from public`);
      await runner.query(`grant execute on function ${signature} to ${app}`);
    }
    await runner.query(`revoke create on schema public from ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(lookUps)) await runner.query(`drop function ${signature}`);
  }
}
