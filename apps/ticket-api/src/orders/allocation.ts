/**
 * Who gets what. Pure: requests in arrival order and the stock they ask for in, one decision per request out.
 * All lines of a request or none; a refused request leaves the stock to the next.
 */

/** Something that can run out. Several ticket types may draw on one. */
export interface Counter {
  id: string;
  capacity: number;
  taken: number;
  /** What people wait for: as much of what is free is theirs first. */
  awaited: number;
}

/** What anybody may order. Of a counter for which more is awaited than is free that is nothing. */
export const freeOf = ({ capacity, taken, awaited }: Counter): number => Math.max(0, capacity - taken - awaited);

export interface Sellable {
  ticketTypeId: string;
  counterId: string;
  onSale: boolean;
  maxPerOrder: number;
  /** null: any number. */
  maxPerBuyer: number | null;
}

export interface Stock {
  counters: readonly Counter[];
  types: readonly Sellable[];
  /** Open pending orders that a buyer may have for this event; 0: any number. */
  maxHoldsPerBuyer: number;
}

export interface Line {
  ticketTypeId: string;
  quantity: number;
}

/** What the buyer has of this event already. */
export interface Holdings {
  buyerId: string;
  /** Open pending orders. */
  holds: number;
  /** Units of pending and confirmed orders by ticket type. */
  units: ReadonlyMap<string, number>;
}

export interface AllocationRequest {
  holdings: Holdings;
  lines: readonly Line[];
}

export type Allocation =
  | { accepted: true; taken: ReadonlyMap<string, number> }
  | { accepted: false; code: 'unknown-ticket-type'; line: number }
  | { accepted: false; code: 'sales-closed'; ticketTypeId: string }
  | {
      accepted: false;
      code: 'limit-exceeded';
      limit: 'maxPerOrder' | 'maxPerBuyer' | 'maxHoldsPerBuyer';
      allowed: number;
    }
  | { accepted: false; code: 'sold-out'; available: { ticketTypeId: string; available: number }[] };

/** Decides each request in order. `taken` of an acceptance tells units by counter. */
export function allocate(requests: readonly AllocationRequest[], stock: Stock): Allocation[] {
  const free = new Map(stock.counters.map((counter) => [counter.id, freeOf(counter)]));
  const types = new Map(stock.types.map((type) => [type.ticketTypeId, type]));
  const holdings = new Map<string, { holds: number; units: Map<string, number> }>();

  return requests.map((request) => {
    const { buyerId, holds, units } = request.holdings;
    const buyer = holdings.get(buyerId) ?? { holds, units: new Map(units) };
    holdings.set(buyerId, buyer);

    const decision = decide(request.lines, { free, types, buyer, maxHolds: stock.maxHoldsPerBuyer });
    if (!decision.accepted) return decision;
    for (const [counterId, units] of decision.taken) free.set(counterId, (free.get(counterId) ?? 0) - units);
    for (const line of request.lines)
      buyer.units.set(line.ticketTypeId, (buyer.units.get(line.ticketTypeId) ?? 0) + line.quantity);
    buyer.holds += 1;
    return decision;
  });
}

interface Remaining {
  free: ReadonlyMap<string, number>;
  types: ReadonlyMap<string, Sellable>;
  buyer: { holds: number; units: ReadonlyMap<string, number> };
  maxHolds: number;
}

function decide(lines: readonly Line[], { free, types, buyer, maxHolds }: Remaining): Allocation {
  const wanted: { line: Line; type: Sellable }[] = [];
  for (const [index, line] of lines.entries()) {
    const type = types.get(line.ticketTypeId);
    if (!type) return { accepted: false, code: 'unknown-ticket-type', line: index };
    wanted.push({ line, type });
  }
  const closed = wanted.find(({ type }) => !type.onSale);
  if (closed) return { accepted: false, code: 'sales-closed', ticketTypeId: closed.type.ticketTypeId };

  if (maxHolds > 0 && buyer.holds >= maxHolds)
    return { accepted: false, code: 'limit-exceeded', limit: 'maxHoldsPerBuyer', allowed: maxHolds };
  for (const { line, type } of wanted) {
    if (line.quantity > type.maxPerOrder)
      return { accepted: false, code: 'limit-exceeded', limit: 'maxPerOrder', allowed: type.maxPerOrder };
    const has = buyer.units.get(line.ticketTypeId) ?? 0;
    if (type.maxPerBuyer !== null && has + line.quantity > type.maxPerBuyer)
      return { accepted: false, code: 'limit-exceeded', limit: 'maxPerBuyer', allowed: type.maxPerBuyer };
  }

  const taken = new Map<string, number>();
  for (const { line, type } of wanted) taken.set(type.counterId, (taken.get(type.counterId) ?? 0) + line.quantity);
  const short = [...taken].some(([counterId, units]) => units > (free.get(counterId) ?? 0));
  if (!short) return { accepted: true, taken };
  const available = wanted.map(({ type }) => ({
    ticketTypeId: type.ticketTypeId,
    available: Math.max(0, free.get(type.counterId) ?? 0),
  }));
  return { accepted: false, code: 'sold-out', available };
}
