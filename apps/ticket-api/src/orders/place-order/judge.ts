import type { PlaceOrder } from '@app/contracts';
import type { SoldOutType } from '../../sold-out/sold-out.module.js';
import { allocate, freeOf, type Holdings, type Stock } from '../allocation.js';
import type { Units } from '../stock.store.js';
import type { Placing } from './placing.js';
import { MAX_TOTAL, refusal, totalTooHigh } from './refusal.js';
import type { SaleType } from './sale.store.js';

/** The stock that orders are judged by, with all that a refusal says of it. */
export type JudgedStock = Omit<Stock, 'types'> & {
  types: readonly SaleType[];
  isCancelled?: boolean;
  isSuspended?: boolean;
};

/** Who is refused, and what all others take together. */
export function judge(
  placings: readonly Placing[],
  stock: JudgedStock,
  holdings: (buyerId: string) => Holdings,
): { refused: Map<Placing, Error>; taken: Units } {
  const refused = new Map<Placing, Error>();
  const taken = new Map<string, number>();
  for (const placing of placings)
    if (totalOf(placing.wish, stock.types) > MAX_TOTAL) refused.set(placing, totalTooHigh());
  const judged = placings.filter((placing) => !refused.has(placing));
  const requests = judged.map(({ buyer, wish }) => ({ holdings: holdings(buyer.id), lines: wish.items }));
  for (const [index, allocation] of allocate(requests, stock).entries()) {
    if (!allocation.accepted) refused.set(judged[index] as Placing, refusal(allocation, stock));
    else for (const [counterId, units] of allocation.taken) taken.set(counterId, (taken.get(counterId) ?? 0) + units);
  }
  return { refused, taken };
}

/** Of the types that exist; a line of another type is refused anyway. */
export function totalOf(wish: PlaceOrder, types: readonly SaleType[]): number {
  const prices = new Map(types.map(({ ticketTypeId, price }) => [ticketTypeId, price]));
  return wish.items.reduce((sum, { ticketTypeId, quantity }) => sum + quantity * (prices.get(ticketTypeId) ?? 0), 0);
}

/** Types on sale of which nothing is left once this is taken. */
export function soldOutAfter(taken: Units, { types, counters }: JudgedStock): SoldOutType[] {
  const left = new Map(counters.map((counter) => [counter.id, freeOf(counter)]));
  const isGone = (counterId: string) => (left.get(counterId) ?? 0) - (taken.get(counterId) ?? 0) <= 0;
  return types.flatMap((type) => (type.onSale && isGone(type.counterId) ? [{ ...type, onSale: true as const }] : []));
}

/** As if nothing were left, and whoever asks had nothing yet. */
export const refuse = (placings: readonly Placing[], types: readonly SoldOutType[]): Map<Placing, Error> => {
  const counters = types.map(({ counterId }) => ({ id: counterId, capacity: 0, taken: 0, awaited: 0 }));
  const stock = { counters, types, maxHoldsPerBuyer: 0 };
  return judge(placings, stock, (buyerId) => ({ buyerId, holds: 0, units: new Map() })).refused;
};
