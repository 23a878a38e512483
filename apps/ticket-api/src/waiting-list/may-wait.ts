/** Whether somebody may wait for a ticket type. Pure. */
export interface WaitingWish {
  quantity: number;
  /** The organizer keeps a list. */
  hasList: boolean;
  onSale: boolean;
  /** What anybody may order now. */
  free: number;
  capacity: number;
  maxPerOrder: number;
  /** null: any number. */
  maxPerBuyer: number | null;
  /** Units of this type that the person holds or has bought. */
  has: number;
  /** The person waits for this type, or has an offer that is not paid yet. */
  isWaiting: boolean;
}

export type MayWait =
  | { granted: true }
  | { granted: false; code: 'waiting-list-closed' | 'sales-closed' | 'already-waiting' | 'not-sold-out' }
  | { granted: false; code: 'limit-exceeded'; limit: 'maxPerOrder' | 'maxPerBuyer' | 'capacity'; allowed: number };

/**
 * Only for what nobody can order: were one ticket left, whoever waits for many would keep it from all others. Nobody waits for
 * what no offer could give.
 */
export function mayWait(wish: WaitingWish): MayWait {
  if (!wish.hasList) return { granted: false, code: 'waiting-list-closed' };
  if (!wish.onSale) return { granted: false, code: 'sales-closed' };
  if (wish.isWaiting) return { granted: false, code: 'already-waiting' };
  if (wish.free > 0) return { granted: false, code: 'not-sold-out' };
  const tooMany = (limit: 'maxPerOrder' | 'maxPerBuyer' | 'capacity', allowed: number) =>
    ({ granted: false, code: 'limit-exceeded', limit, allowed }) as const;
  if (wish.quantity > wish.maxPerOrder) return tooMany('maxPerOrder', wish.maxPerOrder);
  if (wish.maxPerBuyer !== null && wish.has + wish.quantity > wish.maxPerBuyer)
    return tooMany('maxPerBuyer', wish.maxPerBuyer);
  if (wish.quantity > wish.capacity) return tooMany('capacity', wish.capacity);
  return { granted: true };
}
