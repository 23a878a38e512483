import type { PaymentView } from '@app/contracts';
import { isActive, type PaymentStatus } from '../payment.js';

type ViewStatus = PaymentView['status'];

export interface PaymentSums {
  statuses: readonly PaymentStatus[];
  charged: number;
  refunded: number;
}

/** How an order's payments stand, taken together: money speaks first, then what may still be paid, then how it ended. */
export function viewStatus({ statuses, charged, refunded }: PaymentSums): ViewStatus {
  if (statuses.includes('review')) return 'review';
  if (statuses.includes('succeeded')) {
    if (refunded === 0) return 'succeeded';
    return refunded < charged ? 'partially-refunded' : 'refunded';
  }
  if (statuses.some(isActive)) return 'open';
  const last = statuses.findLast((status) => status === 'failed' || status === 'expired');
  return last === 'failed' || last === 'expired' ? last : 'none';
}
