import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What we pay back of a payment that bought nothing goes back once; at the provider somebody may give it back in as many parts
 * as they like.
 */
export class ProviderRefunds1767000000085 implements MigrationInterface {
  name = 'ProviderRefunds1767000000085';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index refunds_tenant_id_payment_id_idx;
      create unique index refunds_tenant_id_payment_id_idx on refunds (tenant_id, payment_id)
        where payment_id is not null and reason <> 'provider';
      create index provider_refunds_of_payment on refunds (payment_id) where payment_id is not null and reason = 'provider';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index provider_refunds_of_payment;
      drop index refunds_tenant_id_payment_id_idx;
      create unique index refunds_tenant_id_payment_id_idx on refunds (tenant_id, payment_id) where payment_id is not null;
    `);
  }
}
