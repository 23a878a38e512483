import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The provider's events, once each. They arrive before anybody knows their tenant, so the table has none; it is on the
 * list of `tenancy.spec.ts`. `body` is kept only while the event waits.
 */
export class WebhookEvents1767000000002 implements MigrationInterface {
  name = 'WebhookEvents1767000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhook_events (
        provider text not null,
        event_id text not null,
        type text not null,
        status text not null check (status in ('handled', 'ignored', 'waiting', 'unmatched')),
        body jsonb,
        attempts int not null default 0,
        due_at timestamptz,
        received_at timestamptz not null default now(),
        primary key (provider, event_id),
        check ((status = 'waiting') <= (body is not null and due_at is not null))
      );
      create index on webhook_events (due_at) where status = 'waiting';
      create index on webhook_events using brin (received_at);
    `);
    const { app, jobs } = await rolesOf(runner);
    await runner.query(`grant select, insert, update on webhook_events to ${app}`);
    await runner.query(`grant select, update (due_at, attempts), delete on webhook_events to ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhook_events');
  }
}
