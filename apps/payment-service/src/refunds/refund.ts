/**
 * The life of a refund. Pure. `pending → succeeded | failed`; a success may still come back, `succeeded → failed`. What
 * failed waits for a person: `failed → pending` (tried again) or `failed → settled` (paid back otherwise). Should the
 * provider make it after that, it was `paid-twice`.
 */
export type RefundStatus = 'pending' | 'succeeded' | 'failed' | 'settled' | 'paid-twice';

/** What the provider tells. */
export type RefundFact = 'pending' | 'succeeded' | 'failed';

export interface RefundState {
  status: RefundStatus;
  /** Whether the provider has ever told us of it. A failure of ours alone (no answer for days) is not the last word. */
  isKnownToProvider: boolean;
}

export interface RefundStep {
  status: Exclude<RefundStatus, 'pending'>;
  /** What it does to the money that the payment has put aside for refunds. */
  reservation: 'stays' | 'released' | 'taken-again';
  /** Whether the books had it as gone back already. */
  cameBack: boolean;
}

/** The next state, or null when the fact changes nothing: said before, or overtaken (hard case 10). */
export function advanceRefund({ status, isKnownToProvider }: RefundState, fact: RefundFact): RefundStep | null {
  if (fact === 'pending' || fact === status) return null;
  if (status === 'settled' || status === 'paid-twice') return advanceSettled(status, fact);
  if (fact === 'failed') return { status: 'failed', reservation: 'released', cameBack: status === 'succeeded' };
  if (status === 'pending') return { status: 'succeeded', reservation: 'stays', cameBack: false };
  return isKnownToProvider ? null : { status: 'succeeded', reservation: 'taken-again', cameBack: false };
}

/** A person has paid it back. The provider's money is asked for by nobody any more, and is noticed when it moves. */
function advanceSettled(status: 'settled' | 'paid-twice', fact: 'succeeded' | 'failed'): RefundStep | null {
  if (status === 'settled')
    return fact === 'succeeded' ? { status: 'paid-twice', reservation: 'stays', cameBack: false } : null;
  return fact === 'failed' ? { status: 'settled', reservation: 'stays', cameBack: true } : null;
}
