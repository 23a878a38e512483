import { isUnavailable } from '@app/problem-details';
import type { Outcome } from './outcome.js';

/**
 * Does work for all at once. When that fails, each half is tried on its own, until the culprit is alone and the others
 * are done: 2·log2(n) further tries for one culprit. A database that is away fails for all, without further tries.
 * @param work all or nothing; outcomes in the order of the items
 */
export async function inHalves<Item, Value>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<readonly Outcome<Value>[]>,
): Promise<readonly Outcome<Value>[]> {
  if (items.length === 0) return [];
  try {
    return await work(items);
  } catch (error) {
    if (items.length === 1 || isUnavailable(error)) return items.map(() => ({ error }));
  }
  const middle = Math.ceil(items.length / 2);
  const first = await inHalves(items.slice(0, middle), work);
  return [...first, ...(await inHalves(items.slice(middle), work))];
}
