import type { TestDatabase } from '@app/testing';
import pg from 'pg';

export type Statement = [sql: string, parameters: unknown[]];

/** A connection of somebody else, with these statements in an open transaction, for as long as the work takes. */
export async function meanwhile(
  db: TestDatabase,
  statements: readonly Statement[],
  work: (other: pg.Client) => Promise<void>,
): Promise<void> {
  const other = new pg.Client({ connectionString: db.ownerUrl });
  await other.connect();
  try {
    await other.query('begin');
    for (const [sql, parameters] of statements) await other.query(sql, parameters);
    await work(other);
  } finally {
    await other.end();
  }
}
