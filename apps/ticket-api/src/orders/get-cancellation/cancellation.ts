import type { Cancellation } from '@app/contracts';

export interface EndedOrders {
  begunAt: Date;
  ordersEndedAt: Date | null;
  toEnd: number;
  ended: number;
}

/** Refunds of one status and currency, taken together. */
export interface RefundSum {
  status: 'pending' | 'succeeded' | 'failed';
  currency: string;
  count: number;
  /** Minor units. */
  amount: number;
  /** When the last of them had moved. */
  settledAt: Date | null;
}

/** It is done when the last order has ended and the last of the money has moved; a refund that failed is still owed. Pure. */
export function toCancellation(
  eventId: string,
  { begunAt, ordersEndedAt, toEnd, ended }: EndedOrders,
  sums: readonly RefundSum[],
): Cancellation {
  const moments = [ordersEndedAt, ...sums.map(({ settledAt }) => settledAt)].filter((moment) => moment !== null);
  const isDone = ordersEndedAt !== null && sums.every(({ status }) => status === 'succeeded');
  return {
    eventId,
    begunAt: begunAt.toISOString(),
    ordersEndedAt: ordersEndedAt?.toISOString() ?? null,
    doneAt: isDone ? new Date(Math.max(...moments.map(Number))).toISOString() : null,
    orders: { toEnd, ended },
    refunds: {
      requested: total(sums),
      waiting: total(sums.filter(({ status }) => status === 'pending')),
      moved: total(sums.filter(({ status }) => status === 'succeeded')),
      failed: total(sums.filter(({ status }) => status === 'failed')),
    },
  };
}

function total(sums: readonly RefundSum[]): Cancellation['refunds']['requested'] {
  const amounts = new Map<string, number>();
  for (const { currency, amount } of sums) amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
  return {
    count: sums.reduce((all, { count }) => all + count, 0),
    amounts: [...amounts].map(([currency, amount]) => ({ amount, currency })),
  };
}
