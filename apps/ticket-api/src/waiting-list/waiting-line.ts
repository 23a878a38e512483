/**
 * Whose turn it is. Pure: who waits for the units of one counter, in the order of arrival, and what is free in; who is offered
 * what they want out.
 */
export interface Waiting {
  id: string;
  quantity: number;
  /** Whether its units are kept from the public: it has not stepped aside. */
  counted: boolean;
  /** Since when what comes back is saved up for it; null: it never was too little for it yet. */
  savingSince: Date | null;
}

export interface Turn {
  /** Those who get what they want, in their order. */
  offered: string[];
  /** From now on what comes back is saved up for this one. */
  saving: string | null;
  /** Those who step aside: they keep their place and hold up nobody. */
  aside: string[];
}

/** Hours for which what comes back is saved up for the first in line who wants more than there is. */
export const SAVING_HOURS = 6;

/**
 * First come, first served, and each gets all or nothing: a family is not torn apart. For the first who wants more than there is what
 * comes back is saved up for {@link SAVING_HOURS}. After that it steps aside: those behind it are served, or the public, and
 * it is the first again whenever as much as it wants is free at once. So neither does the large wish starve behind small ones, nor
 * do seats stay empty for it.
 */
export function serve(line: readonly Waiting[], free: number, now: Date): Turn {
  const turn: Turn = { offered: [], saving: null, aside: [] };
  let left = free;
  for (const { id, quantity, counted, savingSince } of line) {
    if (left <= 0) break;
    if (quantity <= left) {
      turn.offered.push(id);
      left -= quantity;
    } else if (counted && savingSince === null) {
      turn.saving = id;
      break;
    } else if (counted && savingSince !== null && now.getTime() < savingSince.getTime() + SAVING_HOURS * 3_600_000)
      break;
    else if (counted) turn.aside.push(id);
  }
  return turn;
}
