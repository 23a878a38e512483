/** A refund that somebody made in the provider's dashboard. */
export interface MadeRefund {
  id: string;
  providerRefundId: string;
  /** Minor units of it that are no other refund's yet. */
  free: number;
}

/** What of a refund the refunds made in the dashboard are, in minor units. */
export type Parts = readonly { id: string; providerRefundId: string; amount: number }[];

/** How a person has settled a refund. */
export interface Settlement {
  note: string;
  parts: Parts;
}

export const sumOf = (parts: Parts): number => parts.reduce((sum, { amount }) => sum + amount, 0);

/** Takes from each what is free until `amount` is covered. `open`: what is left of it. Pure. */
export function cover(amount: number, made: readonly MadeRefund[]): { parts: Parts; open: number } {
  const parts: Parts[number][] = [];
  let open = amount;
  for (const { id, providerRefundId, free } of made) {
    const taken = Math.min(open, free);
    if (taken > 0) parts.push({ id, providerRefundId, amount: taken });
    open -= taken;
  }
  return { parts, open };
}

/** What is free once these parts are taken. Pure. */
export const without = (made: readonly MadeRefund[], parts: Parts): MadeRefund[] =>
  made.map((one) => ({ ...one, free: one.free - sumOf(parts.filter(({ id }) => id === one.id)) }));
