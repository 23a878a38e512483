import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Transaction } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { migrations } from '../migrations/index.js';
import { RunStore } from './run.store.js';

let db: TestDatabase;
const runs = new RunStore();
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_payments');
});
afterAll(() => db.drop());

const asJob = <T>(work: (transaction: Transaction) => Promise<T>) => db.database.asJob(work);
const stored = () =>
  db.asOwner<{ step: string; cursor: string | null; looked_at: number }>(
    'select step, cursor, looked_at from reconciliation_runs',
  );

describe('a page of a run', () => {
  it('that another replica has done meanwhile is not saved again, whether the step goes on or has ended', async () => {
    await asJob((transaction) => runs.begin(transaction, 2));
    const run = (await asJob((transaction) => runs.claim(transaction)))!;
    const save = (from: typeof run, next: string | null) =>
      asJob((transaction) => runs.save(transaction, from, { next, lookedAt: 100 }));
    expect(await save(run, 'txn_100')).toBe(true);
    expect(await save(run, 'txn_90')).toBe(false);
    expect(await stored()).toMatchObject([{ step: 'charge', cursor: 'txn_100', looked_at: 100 }]);
    const second = { ...run, cursor: 'txn_100' };
    expect(await save(second, null)).toBe(true);
    expect(await save(second, null)).toBe(false);
    // The next step begins where this one began: without a cursor.
    expect(await save(run, 'txn_90')).toBe(false);
    expect(await stored()).toMatchObject([{ step: 'payment', cursor: null, looked_at: 200 }]);
  });

  it('of a run that is over is not saved', async () => {
    const [{ id }] = (await db.asOwner<{ id: string }>(
      `update reconciliation_runs set step = 'open', cursor = null, finished_at = now() returning id`,
    )) as [{ id: string }];
    const window = { from: new Date(), to: new Date() };
    const late = { id, window, step: 'open', cursor: null, lookedAt: 0 } as const;
    expect(await asJob((transaction) => runs.save(transaction, late, { next: null, lookedAt: 1 }))).toBe(false);
  });
});
