import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the sweep of a cancelled event and its progress are read from, and who gave money back for a used ticket, and why.
 * Event and currency of a refund are null only for what a replica of the release before writes during a rolling deploy.
 */
export class Cancellations1767000000065 implements MigrationInterface {
  name = 'Cancellations1767000000065';

  async up(runner: QueryRunner): Promise<void> {
    // The owner, who may be no superuser, is bound by the policies too and would find no row.
    for (const table of ['orders', 'refunds']) await runner.query(`alter table ${table} no force row level security`);
    await runner.query(`
      alter table events add cancelled_at timestamptz;
      alter table refunds
        add event_id uuid,
        add currency text,
        add settled_at timestamptz,
        add override_reason text,
        add override_by uuid references users,
        add constraint overrides_name_somebody check ((override_reason is null) = (override_by is null));
      update refunds set event_id = o.event_id, currency = o.currency from orders o where o.id = refunds.order_id;

      create index open_orders_of_event on orders (event_id, id) where status in ('pending', 'confirmed');
      create index orders_ended_with_event on orders (event_id) include (tenant_id) where reason = 'event-cancelled';
      create index refunds_of_cancelled_event on refunds (event_id, status, currency) include (tenant_id, amount, settled_at)
        where reason = 'event-cancelled';
      create index on refunds (order_id) where override_reason is not null;
    `);
    for (const table of ['orders', 'refunds']) await runner.query(`alter table ${table} force row level security`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index open_orders_of_event, orders_ended_with_event');
    await runner.query(
      'alter table refunds drop event_id, drop currency, drop settled_at, drop override_reason, drop override_by',
    );
    await runner.query('alter table events drop cancelled_at');
  }
}
