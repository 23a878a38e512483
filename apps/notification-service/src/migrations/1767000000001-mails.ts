import { openJobDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails to send and their delivery log. The sender's job finds what is due; contents are read at the tenant's door. */
export class Mails1767000000001 implements MigrationInterface {
  name = 'Mails1767000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table mails (
        id uuid not null unique,
        tenant_id uuid not null,
        message_id uuid not null,
        correlation_id text not null,
        kind text not null,
        recipient text not null,
        facts jsonb not null,
        status text not null default 'queued' check (status in ('queued', 'sent', 'failed')),
        attempts int not null default 0 check (attempts >= 0),
        refusals int not null default 0 check (refusals >= 0),
        -- Of a mail that is being sent: the end of its sender's lease.
        next_attempt_at timestamptz not null default now(),
        last_error text,
        created_at timestamptz not null default now(),
        sent_at timestamptz,
        primary key (tenant_id, id),
        -- One mail of a kind per message and recipient, also when the inbox has forgotten the message.
        unique (tenant_id, message_id, recipient, kind),
        check ((status = 'sent') = (sent_at is not null))
      );
      create index on mails (next_attempt_at) where status = 'queued';
      create index on mails (id) where status = 'failed';
    `);
    await protectTenantTable(runner, 'mails', 'select, insert, update');
    await openJobDoor(
      runner,
      'mails',
      'select (id, tenant_id, kind, status, attempts, next_attempt_at), update (attempts, next_attempt_at)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mails');
  }
}
