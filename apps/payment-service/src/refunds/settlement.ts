/** A refund that somebody made in the provider's dashboard. */
export interface MadeRefund {
  id: string;
  providerRefundId: string;
  /** Minor units of it that are no other refund's yet. */
  free: number;
}

/** How a person has settled a refund. `parts`: what of it the refunds made in the dashboard are, in minor units. */
export interface Settlement {
  note: string;
  parts: { id: string; providerRefundId: string; amount: number }[];
}

/** Takes from each what is free until `amount` is covered. `open`: what is left of it. Pure. */
export function cover(amount: number, made: readonly MadeRefund[]): { parts: Settlement['parts']; open: number } {
  const parts: Settlement['parts'] = [];
  let open = amount;
  for (const { id, providerRefundId, free } of made) {
    const taken = Math.min(open, free);
    if (taken > 0) parts.push({ id, providerRefundId, amount: taken });
    open -= taken;
  }
  return { parts, open };
}
