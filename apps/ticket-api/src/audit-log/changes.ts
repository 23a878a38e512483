import { isDeepStrictEqual } from 'node:util';

type Changes = Record<string, { from: unknown; to: unknown }>;

/** Which fields differ, old and new, as a log's detail. A `Date` is told as ISO 8601. */
export function changesBetween<Fields extends object>(before: Fields, after: Fields): Changes {
  const names = Object.keys(after) as (keyof Fields & string)[];
  const differing = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return Object.fromEntries(differing.map((name) => [name, { from: before[name], to: after[name] }]));
}

/** The same for fields whose text is long or may name persons: that they changed, not to what. */
export const withoutTexts = (changes: Changes, texts: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, texts.includes(name) ? {} : change]));
