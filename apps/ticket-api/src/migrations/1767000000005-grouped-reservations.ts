import { CURRENT_USER_IDS, openReadDoor } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reservations of many buyers share a transaction, which must see the keys that each of them used at other tenants. */
export class GroupedReservations1767000000005 implements MigrationInterface {
  name = 'GroupedReservations1767000000005';

  async up(runner: QueryRunner): Promise<void> {
    await openReadDoor(runner, 'idempotency_keys', 'persons', `caller_id = any (${CURRENT_USER_IDS})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy persons on idempotency_keys');
  }
}
