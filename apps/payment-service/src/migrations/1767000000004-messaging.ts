import { createMessagingTables, dropMessagingTables } from '@app/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Messaging1767000000004 implements MigrationInterface {
  name = 'Messaging1767000000004';

  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropMessagingTables(runner);
  }
}
