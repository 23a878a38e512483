import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats an expectation until it holds. @throws its last failure after `limit` milliseconds. */
export async function eventually(expectation: () => Promise<void>, limit = 10_000): Promise<void> {
  const until = Date.now() + limit;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(50);
    }
  }
}
