/** The life of a refund. Pure. `pending → succeeded | failed`; a success may still come back, `succeeded → failed`. */
export type RefundStatus = 'pending' | 'succeeded' | 'failed';

export interface RefundState {
  status: RefundStatus;
  /** Whether the provider has ever told us of it. A failure of ours alone (no answer for days) is not the last word. */
  isKnownToProvider: boolean;
}

export interface RefundStep {
  status: 'succeeded' | 'failed';
  /** What it does to the money that the payment has put aside for refunds. */
  reservation: 'stays' | 'released' | 'taken-again';
  /** Whether the books had it as gone back already. */
  cameBack: boolean;
}

/** The next state, or null when the fact changes nothing: said before, or overtaken (hard case 10). */
export function advanceRefund({ status, isKnownToProvider }: RefundState, fact: RefundStatus): RefundStep | null {
  if (fact === 'pending' || fact === status) return null;
  if (fact === 'failed') return { status: 'failed', reservation: 'released', cameBack: status === 'succeeded' };
  if (status === 'pending') return { status: 'succeeded', reservation: 'stays', cameBack: false };
  return isKnownToProvider ? null : { status: 'succeeded', reservation: 'taken-again', cameBack: false };
}
