import { giveFunctions, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The service may become its job role, and whoever owns a function may rewrite what it decides: another role owns them. */
export class FunctionsOfNobody1767000000170 implements MigrationInterface {
  name = 'FunctionsOfNobody1767000000170';

  async up(runner: QueryRunner): Promise<void> {
    const { jobs, code } = await rolesOf(runner);
    await giveFunctions(runner, jobs, code);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { jobs, code } = await rolesOf(runner);
    await giveFunctions(runner, code, jobs);
  }
}
