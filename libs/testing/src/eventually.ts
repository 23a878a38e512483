import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats an expectation until it holds. @throws its last failure after `limit` milliseconds. */
export async function eventually<T>(expectation: () => Promise<T> | T, limit = 20_000): Promise<T> {
  const until = Date.now() + limit;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(25);
    }
  }
}
