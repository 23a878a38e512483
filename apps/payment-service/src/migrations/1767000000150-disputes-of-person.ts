import { CURRENT_USER_ID, openReadDoor } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person may read the disputes of the own payments, as the payments themselves. */
export class DisputesOfPerson1767000000150 implements MigrationInterface {
  name = 'DisputesOfPerson1767000000150';

  async up(runner: QueryRunner): Promise<void> {
    const own = `exists (select from payments where payments.tenant_id = disputes.tenant_id and payments.id = disputes.payment_id
      and payments.user_id = ${CURRENT_USER_ID})`;
    await openReadDoor(runner, 'disputes', 'person', own);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy person on disputes');
  }
}
