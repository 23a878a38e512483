/**
 * The life of an order. Pure: states and facts in, what happens out.
 * `pending → confirmed | expired | cancelled`, `confirmed → refunded | cancelled`, and `expired → confirmed` by the
 * late-payment ladder alone. Every other state absorbs.
 */
export type OrderStatus = 'pending' | 'confirmed' | 'expired' | 'cancelled' | 'refunded';
export type ConfirmedHow = 'paid' | 'free' | 'desk';

export interface Order {
  status: OrderStatus;
  confirmedHow: ConfirmedHow | null;
  /** The payment that bought it. */
  paymentId: string | null;
  total: { amount: number; currency: string };
}

const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['confirmed', 'expired', 'cancelled'],
  confirmed: ['refunded', 'cancelled'],
  expired: ['confirmed'],
  cancelled: [],
  refunded: [],
};

export const mayBecome = (from: OrderStatus, to: OrderStatus) => transitions[from].includes(to);

export interface Payment {
  paymentId: string;
  amount: { amount: number; currency: string };
}

/**
 * What money that arrived does (hard cases 4–7, 14, 42). `retake`: the hold had ended, so the stock is taken again if it
 * is still there. `unfulfillable`: it buys nothing and goes back in full.
 */
export type PaymentEffect =
  | { effect: 'confirm' | 'retake' | 'absorb' }
  | {
      effect: 'unfulfillable';
      reason: 'event-cancelled' | 'order-cancelled' | 'paid-twice' | 'order-refunded' | 'amount-mismatch';
    };

export function receivePayment(
  order: Order,
  payment: Payment,
  event: { cancelled: boolean },
  buyer: { isErased: boolean } = { isErased: false },
): PaymentEffect {
  if (order.paymentId === payment.paymentId) return { effect: 'absorb' };
  if (order.status === 'confirmed') return { effect: 'unfulfillable', reason: 'paid-twice' };
  if (order.status === 'refunded') return { effect: 'unfulfillable', reason: 'order-refunded' };
  if (event.cancelled) return { effect: 'unfulfillable', reason: 'event-cancelled' };
  if (order.status === 'cancelled') return { effect: 'unfulfillable', reason: 'order-cancelled' };
  if (buyer.isErased) return { effect: 'unfulfillable', reason: 'order-cancelled' };
  if (payment.amount.amount !== order.total.amount || payment.amount.currency !== order.total.currency)
    return { effect: 'unfulfillable', reason: 'amount-mismatch' };
  return { effect: order.status === 'pending' ? 'confirm' : 'retake' };
}

/** Giving an order up: a hold is let go; what was confirmed without our taking money is undone; money needs a refund. */
export type CancelEffect =
  | { effect: 'cancel-hold' | 'cancel-confirmed' | 'already-cancelled' }
  | { effect: 'refused'; code: 'order-ended' | 'refund-required' };

export function cancelOrder(order: Pick<Order, 'status' | 'confirmedHow'>): CancelEffect {
  switch (order.status) {
    case 'pending':
      return { effect: 'cancel-hold' };
    case 'cancelled':
      return { effect: 'already-cancelled' };
    case 'confirmed':
      return order.confirmedHow === 'paid'
        ? { effect: 'refused', code: 'refund-required' }
        : { effect: 'cancel-confirmed' };
    default:
      return { effect: 'refused', code: 'order-ended' };
  }
}
