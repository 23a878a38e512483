import type { MigrationInterface, QueryRunner } from 'typeorm';

const lookUps = ['locate_order(uuid)', 'locate_payment(uuid, text, text)', 'locate_refund(uuid)'];

/** Look-ups name `pg_temp` last: where it is not named, PostgreSQL looks into their caller's temporary tables first. */
export class LookUpsMisledByNobody1767000000165 implements MigrationInterface {
  name = 'LookUpsMisledByNobody1767000000165';

  async up(runner: QueryRunner): Promise<void> {
    await this.search(runner, 'pg_catalog, public, pg_temp');
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.search(runner, 'pg_catalog, public');
  }

  private async search(runner: QueryRunner, path: string): Promise<void> {
    for (const lookUp of lookUps) await runner.query(`alter function ${lookUp} set search_path = ${path}`);
  }
}
