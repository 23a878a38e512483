import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '@app/testing';

const LIMIT = 10_000;

/** Resolves when that many statements wait for a lock, so that a race is one and not a matter of luck. */
export async function untilWaiting(db: TestDatabase, statements: number): Promise<void> {
  for (const end = Date.now() + LIMIT; Date.now() < end; await sleep(20)) {
    const waiting = await db.asOwner(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length >= statements) return;
  }
  throw new Error(`Fewer than ${statements} statements were waiting after ${LIMIT} ms.`);
}
