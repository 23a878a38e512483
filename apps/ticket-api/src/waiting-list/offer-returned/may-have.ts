import { allocate, MAX_TOTAL, totalOf, type Counter, type SaleType } from '../../orders/orders.module.js';
import type { InLine } from '../waiting-list.store.js';

interface Sold {
  counters: readonly Counter[];
  types: readonly SaleType[];
  /** Units by ticket type by buyer, held and bought. */
  units: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/**
 * Whoever waits is judged as whoever orders, but what is awaited is theirs, and an offer is no hold of their own making. Pure.
 * @param turns their quantities fit into what is free
 */
export function mayHave(
  turns: readonly InLine[],
  { counters, types, units }: Sold,
): Record<'granted' | 'refused', InLine[]> {
  const stock = { counters: counters.map((each) => ({ ...each, awaited: 0 })), types, maxHoldsPerBuyer: 0 };
  const linesOf = ({ ticketTypeId, quantity }: InLine) => [{ ticketTypeId, quantity }];
  const isPayable = (turn: InLine) => totalOf({ eventId: '', items: linesOf(turn) }, types) <= MAX_TOTAL;
  const requests = turns.map((turn) => ({
    holdings: { buyerId: turn.buyer.id, holds: 0, units: units.get(turn.buyer.id) ?? new Map<string, number>() },
    lines: linesOf(turn),
  }));
  const outcomes = allocate(requests, stock);
  const isGranted = (turn: InLine, index: number) => outcomes[index]!.accepted && isPayable(turn);
  return { granted: turns.filter(isGranted), refused: turns.filter((turn, index) => !isGranted(turn, index)) };
}
