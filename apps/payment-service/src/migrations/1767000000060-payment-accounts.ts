import { protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose account at the provider takes an organization's money: the platform's own, until it has one of its own. */
export class PaymentAccounts1767000000060 implements MigrationInterface {
  name = 'PaymentAccounts1767000000060';

  async up(runner: QueryRunner): Promise<void> {
    // The owner, who may be no superuser, is bound by the policies too and would find no payment.
    await runner.query('alter table payments no force row level security');
    await runner.query(`
      create table payment_accounts (
        id uuid not null unique,
        tenant_id uuid not null,
        provider text not null check (provider in ('stripe')),
        -- Null: the platform's own account.
        provider_account_id text,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (provider, provider_account_id)
      );
      create unique index one_platform_account_per_tenant on payment_accounts (tenant_id, provider) where provider_account_id is null;

      insert into payment_accounts (id, tenant_id, provider)
      select gen_random_uuid(), tenant_id, 'stripe' from payments group by tenant_id;

      -- Null only for what a replica of the release before writes during a rolling deploy: the platform's.
      alter table payments add account_id uuid;
      update payments set account_id = account.id from payment_accounts account where account.tenant_id = payments.tenant_id;
      alter table payments add foreign key (tenant_id, account_id) references payment_accounts (tenant_id, id);
    `);
    await runner.query('alter table payments force row level security');
    await protectTenantTable(runner, 'payment_accounts', 'select, insert');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table payments drop account_id');
    await runner.query('drop table payment_accounts');
  }
}
