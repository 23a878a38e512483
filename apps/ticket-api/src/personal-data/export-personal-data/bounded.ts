import { EXPORTED_ROWS, type PersonalData } from '@app/contracts';

type Held = Omit<PersonalData, 'exportedAt' | 'leftOut' | 'account'>;

/** The newest rows of each list, and the names of those lists that have more: an export never passes for whole when it is not. */
export function bounded(held: Held, most = EXPORTED_ROWS): Held & { leftOut: string[] } {
  const leftOut: string[] = [];
  const cut = (lists: object, prefix: string): object =>
    Object.fromEntries(
      Object.entries(lists).map(([name, list]) => {
        if (!Array.isArray(list)) return [name, cut(list as object, `${name}.`)];
        if (list.length > most) leftOut.push(prefix + name);
        return [name, list.slice(0, most)];
      }),
    );
  return { ...(cut(held, '') as Held), leftOut };
}
