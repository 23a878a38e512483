import type { Money } from '@app/contracts';

/**
 * `unknown-payment`: money or a refund of a payment that is not ours. `unpaid-here`: paid at the provider, not booked here.
 * `refund-unknown`: a refund that we never heard of. `refund-differs`: one whose outcome is another one here.
 * `dispute-differs`: a dispute whose money moved otherwise here. `amount-differs`: also when only the currency does. `not-at-provider`: booked here, and the provider has no such thing.
 * `unreadable`: the provider says something that we do not understand.
 */
export type DifferenceKind =
  | 'unknown-payment'
  | 'unpaid-here'
  | 'refund-unknown'
  | 'refund-differs'
  | 'dispute-differs'
  | 'amount-differs'
  | 'not-at-provider'
  | 'unreadable';

/** What the provider has. */
export type Provided =
  | { about: 'payment'; amount: Money }
  | { about: 'refund'; amount: Money; status: 'pending' | 'succeeded' | 'failed' }
  /** `isGone`: its money has left our balance, and did not come back. */
  | { about: 'dispute'; amount: Money; isGone: boolean }
  | { about: 'movement' };

/** What our books have. */
export interface Booked {
  tenantId: string;
  orderId: string;
  paymentId: string;
  refundId: string | null;
  /** Of a refund. */
  status: 'pending' | 'succeeded' | 'failed' | null;
  /** Paid, given back and not returned, or withdrawn and not reinstated; null when nothing was. */
  amount: Money | null;
}

/** How the two sides differ, to the cent; null when they do not. Pure. */
export function differenceOf(provided: Provided, booked: Booked | undefined): DifferenceKind | null {
  if (provided.about === 'movement') return 'unreadable';
  if (provided.about === 'payment') return paymentDifference(provided.amount, booked);
  if (provided.about === 'dispute') return disputeDifference(provided, booked);
  return refundDifference(provided, booked);
}

function paymentDifference(amount: Money, booked: Booked | undefined): DifferenceKind | null {
  if (!booked) return 'unknown-payment';
  if (!booked.amount) return 'unpaid-here';
  return isSame(amount, booked.amount) ? null : 'amount-differs';
}

function refundDifference(
  { amount, status }: Provided & { about: 'refund' },
  booked: Booked | undefined,
): DifferenceKind | null {
  // What never moved, and was never heard of, is missing nowhere.
  if (!booked) return status === 'failed' ? null : 'refund-unknown';
  if (status === 'pending') return null;
  if (status === 'failed') return booked.status === 'failed' && !booked.amount ? null : 'refund-differs';
  if (!booked.amount) return 'refund-differs';
  return isSame(amount, booked.amount) ? null : 'amount-differs';
}

function disputeDifference(
  { amount, isGone }: Provided & { about: 'dispute' },
  booked: Booked | undefined,
): DifferenceKind | null {
  if (!booked || isGone !== (booked.amount !== null)) return 'dispute-differs';
  return !booked.amount || isSame(amount, booked.amount) ? null : 'amount-differs';
}

const isSame = (a: Money, b: Money) => a.amount === b.amount && a.currency === b.currency;
