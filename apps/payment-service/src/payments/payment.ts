import type { Money } from '@app/contracts';

/**
 * The life of one checkout session. Pure: a state and a fact in, what happens out.
 * `opening` (stored, the provider is asked) `→ open → succeeded | failed | expired`; `opening → refused` when the
 * provider takes no such session; `review` when money came that is not what was owed, or whose it is cannot be told.
 */
export type PaymentStatus = 'opening' | 'open' | 'succeeded' | 'failed' | 'expired' | 'refused' | 'review';

export type PaymentFact =
  | { fact: 'opened' }
  /** The provider takes no such session, for good. */
  | { fact: 'refused' }
  /** Money is there. */
  | { fact: 'paid'; amount: Money }
  /** Money is there, but the session or its payment intent stands on another payment. */
  | { fact: 'paid-elsewhere' }
  /** No further try is possible. A refused card is not this. */
  | { fact: 'failed' }
  | { fact: 'expired' };

/** What the other services are told. */
export type PaymentReport = 'opened' | 'succeeded' | 'failed' | 'expired';

export interface PaymentStep {
  status: PaymentStatus;
  report: PaymentReport | null;
}

const unpaidEnd = { refused: null, failed: 'failed', expired: 'expired' } as const;

/**
 * The next state, or null when the fact changes nothing: said before, or overtaken by another one (hard cases 2 and 4).
 * Money is never overlooked: it also counts after the session was thought to have ended without.
 */
export function advance(payment: { status: PaymentStatus; owed: Money }, fact: PaymentFact): PaymentStep | null {
  const { status, owed } = payment;
  if (status === 'succeeded' || status === 'review') return null;
  if (fact.fact === 'paid-elsewhere') return { status: 'review', report: null };
  if (fact.fact === 'paid') {
    const asOwed = fact.amount.amount === owed.amount && fact.amount.currency === owed.currency;
    return asOwed ? { status: 'succeeded', report: 'succeeded' } : { status: 'review', report: null };
  }
  if (!isActive(status)) return null;
  if (fact.fact === 'opened') return status === 'opening' ? { status: 'open', report: 'opened' } : null;
  if (fact.fact === 'refused' && status !== 'opening') return null;
  return { status: fact.fact, report: unpaidEnd[fact.fact] };
}

/** Whether somebody may still pay with it. An order has one such payment at most. */
export const isActive = (status: PaymentStatus) => status === 'opening' || status === 'open';

/** Whether this payment has decided the order: nobody may open another session for it. */
export const settles = (status: PaymentStatus) => !isActive(status) && status !== 'refused';
