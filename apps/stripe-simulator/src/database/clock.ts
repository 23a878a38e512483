import type { Transaction } from '@app/persistence';

/** Unix seconds by the database's clock, which alone decides what is over. */
export async function databaseClock(transaction: Transaction): Promise<number> {
  const [clock] = await transaction.query<{ now: number }>('select unix_now() as now');
  return (clock as { now: number }).now;
}
