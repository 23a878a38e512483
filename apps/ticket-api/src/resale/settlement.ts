/**
 * Which listings are sold, and which go back to their sellers. Pure. A listed ticket has no unit: that went back to the pool. So
 * the units that are paid for and the tickets that are listed are together never more than the capacity, unless somebody has paid
 * for a unit that was a listed ticket's: as many as they are more, so many are sold, the oldest first.
 */
export interface ListedTicket {
  id: string;
  /** Why it is to go back to its seller, if it is: the event begins, or its price has fallen. */
  over: 'unsold' | 'face-value' | null;
}

export interface ResaleStock {
  capacity: number;
  /** Units of pending and confirmed orders. */
  taken: number;
  /** Those of pending ones. */
  held: number;
  /** Tickets that are listed. */
  listed: number;
}

/**
 * @param listings the oldest and the newest of those that are listed, oldest first. One that is over goes back if there is a free unit
 * for it, the newest first: what is held may still be paid for, and then the oldest is sold.
 */
export function settle<Ticket extends ListedTicket>(
  { capacity, taken, held, listed }: ResaleStock,
  listings: readonly Ticket[],
): { sold: Ticket[]; returned: Ticket[] } {
  const due = Math.max(0, Math.min(listings.length, taken - held + listed - capacity));
  const unsold = listings.slice(due).reverse();
  const free = Math.max(0, capacity - taken);
  return { sold: listings.slice(0, due), returned: unsold.filter(({ over }) => over !== null).slice(0, free) };
}
