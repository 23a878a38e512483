import type { Money } from '@app/contracts';

interface PaidPayment {
  id: string;
  paid: Money | null;
  refundedTotal: number;
}

/**
 * The payment that a refund comes out of: the one that was named, else the oldest, whichever has enough left. An order
 * that was paid twice has two, and the requests for them may arrive in any order.
 */
export function bearingPayment<Payment extends PaidPayment>(
  payments: readonly Payment[],
  { amount, currency }: Money,
  namedId?: string,
): Payment | undefined {
  const bears = ({ paid, refundedTotal }: Payment) =>
    paid?.currency === currency && refundedTotal + amount <= paid.amount;
  return payments.find((payment) => payment.id === namedId && bears(payment)) ?? payments.find(bears);
}
