import { createMessagingTables } from '@app/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Messaging1767000000000 implements MigrationInterface {
  name = 'Messaging1767000000000';

  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table inbox, outbox');
  }
}
