import { CURRENT_USER_ID, openReadDoor } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is held of a person at any tenant the person may read, when asking for all of it: the own deeds, what became of the own
 * orders, and invitations, the last only by an e-mail that is proven to be the person's.
 */
export class Export1767000000150 implements MigrationInterface {
  name = 'Export1767000000150';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users add exported_at timestamptz');
    await openReadDoor(runner, 'audit_log_entries', 'person', `actor_id = ${CURRENT_USER_ID} and actor_kind <> 'key'`);
    for (const table of ['order_steps', 'refunds'])
      await openReadDoor(
        runner,
        table,
        'person',
        `exists (select from orders where orders.tenant_id = ${table}.tenant_id and orders.id = ${table}.order_id
          and orders.user_id = ${CURRENT_USER_ID})`,
      );
    const proven = `select users.email from users where users.id = ${CURRENT_USER_ID} and users.email_verified_at is not null`;
    await openReadDoor(runner, 'invitations', 'person', `email = (${proven})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['audit_log_entries', 'order_steps', 'refunds', 'invitations'])
      await runner.query(`drop policy person on ${table}`);
    await runner.query('alter table users drop exported_at');
  }
}
