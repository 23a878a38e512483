import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks that are sent several times, or not at all. */
export class DeliveryFates1767000000010 implements MigrationInterface {
  name = 'DeliveryFates1767000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table webhook_delivery
         add copies integer not null default 1 check (copies > 0),
         drop constraint webhook_delivery_state_check,
         add constraint webhook_delivery_state_check
           check (state in ('pending', 'delivered', 'abandoned', 'dropped'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update webhook_delivery set state = 'abandoned' where state = 'dropped'`);
    await runner.query(
      `alter table webhook_delivery
         drop copies,
         drop constraint webhook_delivery_state_check,
         add constraint webhook_delivery_state_check check (state in ('pending', 'delivered', 'abandoned'))`,
    );
  }
}
