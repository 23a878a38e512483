import type { Charge, Dispute, Movement, Refund } from './objects.js';
import { Refusal } from './refusal.js';

/** What it is done to. */
interface Account {
  readonly charges: Map<string, Charge>;
  readonly refunds: Map<string, Refund>;
  readonly disputes: Map<string, Dispute>;
  id(prefix: string): string;
  move(type: Movement['type'], amount: number, source: Movement['source']): void;
  tell(type: string, object: object): void;
}

/** How money leaves the provider again: by refunds, and by disputes. */
export class GivingBack {
  /** How the next refunds turn out at first. */
  refundsBegin: Refund['status'] = 'succeeded';

  constructor(private readonly account: Account) {}

  /** What refunds have not taken of a charge. */
  leftOf(charge: Charge): number {
    return [...this.account.refunds.values()]
      .filter((each) => each.charge === charge.id && each.status !== 'failed')
      .reduce((left, { amount }) => left - amount, charge.amount);
  }

  /** By a dispute that was not won: nothing can be refunded. */
  isDisputed({ id }: Charge): boolean {
    return [...this.account.disputes.values()].some((each) => each.charge === id && each.status !== 'won');
  }

  /** @throws Refusal when less is left, or the charge is disputed */
  createRefund(wish: { payment_intent: string; amount: number; metadata: Record<string, string> }): Refund {
    const charge = [...this.account.charges.values()].find(
      ({ payment_intent }) => payment_intent === wish.payment_intent,
    );
    if (!charge) throw new Refusal(400, 'charge_not_found', 'This payment intent has no charge.');
    if (this.isDisputed(charge)) throw new Refusal(400, 'charge_disputed', 'This charge is disputed.');
    const left = this.leftOf(charge);
    if (wish.amount > left)
      throw new Refusal(400, left === 0 ? 'charge_already_refunded' : 'amount_too_large', 'Too much.');
    const refund: Refund = {
      ...wish,
      id: this.account.id('re_'),
      object: 'refund',
      currency: charge.currency,
      charge: charge.id,
      status: this.refundsBegin,
      failure_reason: null,
    };
    this.account.refunds.set(refund.id, refund);
    this.account.move('refund', -refund.amount, refund);
    this.account.tell('refund.created', refund);
    this.account.tell('charge.refunded', charge);
    return refund;
  }

  /** A refund turns out otherwise than it began: a pending one succeeds or fails, a success comes back. */
  turn(refund: Refund, status: 'succeeded' | 'failed'): void {
    refund.status = status;
    if (status === 'failed') {
      refund.failure_reason = 'lost_or_stolen_card';
      this.account.move('refund_failure', refund.amount, refund);
    }
    this.account.tell('refund.updated', refund);
    if (status === 'failed') this.account.tell('refund.failed', refund);
  }

  /** The payer's bank takes back what is left of a charge. @returns false when nothing is, or it did so before */
  dispute(charge: Charge): boolean {
    const mine = [...this.account.disputes.values()].some((each) => each.charge === charge.id);
    const amount = this.leftOf(charge);
    if (mine || amount <= 0) return false;
    const { id: chargeId, payment_intent, currency } = charge;
    const dispute: Dispute = {
      ...{ id: this.account.id('du_'), object: 'dispute', amount, currency, charge: chargeId, payment_intent },
      ...{ status: 'needs_response', reason: 'fraudulent', balance_transactions: [{ amount: -amount }] },
    };
    this.account.disputes.set(dispute.id, dispute);
    this.account.move('adjustment', -amount, dispute);
    this.account.tell('charge.dispute.created', dispute);
    this.account.tell('charge.dispute.funds_withdrawn', dispute);
    return true;
  }

  close(dispute: Dispute, outcome: 'won' | 'lost'): void {
    dispute.status = outcome;
    if (outcome === 'won') {
      dispute.balance_transactions.push({ amount: dispute.amount });
      this.account.move('adjustment', dispute.amount, dispute);
    }
    this.account.tell('charge.dispute.closed', dispute);
    if (outcome === 'won') this.account.tell('charge.dispute.funds_reinstated', dispute);
  }
}
