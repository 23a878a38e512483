import type { VirtualClock } from '../engine/virtual-clock.js';
import type { Charge, Dispute, Intent, Movement, ProviderEvent, Refund, Session } from './objects.js';
import { Refusal } from './refusal.js';

/**
 * A payment provider in memory: sessions, payments, refunds, disputes and a ledger of its own. It does nothing by itself:
 * what buyers, banks and time do is told to it. Everything is deterministic.
 */
export class Provider {
  readonly sessions = new Map<string, Session>();
  readonly intents = new Map<string, Intent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly disputes = new Map<string, Dispute>();
  readonly movements: Movement[] = [];
  /** That nobody has taken over to deliver yet. */
  readonly events: ProviderEvent[] = [];
  /** How the next refunds turn out at first. */
  refundsBegin: Refund['status'] = 'succeeded';
  private ids = 0;

  constructor(private readonly clock: VirtualClock) {}

  forget(): void {
    for (const all of [this.sessions, this.intents, this.charges, this.refunds, this.disputes]) all.clear();
    this.movements.length = this.events.length = 0;
  }

  createSession(wish: Pick<Session, 'amount_total' | 'currency' | 'expires_at' | 'metadata'>): Session {
    const id = this.id('cs_test_');
    const session: Session = {
      ...wish,
      id,
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      url: `https://pay.example/${id}`,
    };
    this.sessions.set(id, session);
    return session;
  }

  session(id: string): Session {
    return found(this.sessions, id);
  }

  /** @throws Refusal unless it is open */
  expire(id: string): Session {
    const session = this.session(id);
    if (session.status !== 'open') throw new Refusal(400, 'session_not_open', `This session is ${session.status}.`);
    Object.assign(session, { status: 'expired', url: null });
    this.tell('checkout.session.expired', session);
    return session;
  }

  /** A buyer pays. @param how `later`: by a method whose money takes time. @returns false when there is nothing to pay */
  pay(id: string, how: 'now' | 'later' = 'now'): boolean {
    const session = this.session(id);
    if (session.status !== 'open') return false;
    const intent: Intent = {
      id: this.id('pi_'),
      object: 'payment_intent',
      status: 'processing',
      amount: session.amount_total,
      amount_received: 0,
      currency: session.currency,
    };
    this.intents.set(intent.id, intent);
    Object.assign(session, { status: 'complete', url: null, payment_intent: intent.id });
    if (how === 'now') this.receive(session, intent);
    this.tell('checkout.session.completed', session);
    return true;
  }

  /** Money that was on its way arrives, or does not. */
  settle(session: Session, arrives: boolean): void {
    const intent = found(this.intents, session.payment_intent!);
    if (arrives) this.receive(session, intent);
    else intent.status = 'requires_payment_method';
    this.tell(`checkout.session.async_payment_${arrives ? 'succeeded' : 'failed'}`, session);
  }

  get unsettled(): Session[] {
    return [...this.sessions.values()].filter(
      ({ payment_intent: id }) => id && this.intents.get(id)?.status === 'processing',
    );
  }

  /** @throws Refusal when less is left, or the charge is disputed */
  createRefund(wish: { payment_intent: string; amount: number; metadata: Record<string, string> }): Refund {
    const charge = [...this.charges.values()].find(({ payment_intent }) => payment_intent === wish.payment_intent);
    if (!charge) throw new Refusal(400, 'charge_not_found', 'This payment intent has no charge.');
    const disputed = [...this.disputes.values()].some((each) => each.charge === charge.id && each.status !== 'won');
    if (disputed) throw new Refusal(400, 'charge_disputed', 'This charge is disputed.');
    const gone = [...this.refunds.values()]
      .filter((each) => each.charge === charge.id && each.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0);
    if (gone + wish.amount > charge.amount)
      throw new Refusal(400, gone === charge.amount ? 'charge_already_refunded' : 'amount_too_large', 'Too much.');
    const refund: Refund = {
      ...wish,
      id: this.id('re_'),
      object: 'refund',
      currency: charge.currency,
      charge: charge.id,
      status: this.refundsBegin,
      failure_reason: null,
    };
    this.refunds.set(refund.id, refund);
    this.move('refund', -refund.amount, refund);
    this.tell('refund.created', refund);
    this.tell('charge.refunded', charge);
    return refund;
  }

  /** A refund turns out otherwise than it began: a pending one succeeds or fails, a success comes back. */
  turn(refund: Refund, status: 'succeeded' | 'failed'): void {
    refund.status = status;
    if (status === 'failed') {
      refund.failure_reason = 'lost_or_stolen_card';
      this.move('refund_failure', refund.amount, refund);
    }
    this.tell('refund.updated', refund);
    if (status === 'failed') this.tell('refund.failed', refund);
  }

  /** The payer's bank takes back what is left of a charge. @returns false when nothing is, or it did so before */
  dispute(charge: Charge): boolean {
    const mine = [...this.disputes.values()].some((each) => each.charge === charge.id);
    const back = [...this.refunds.values()].filter((each) => each.charge === charge.id && each.status !== 'failed');
    const amount = back.reduce((left, refund) => left - refund.amount, charge.amount);
    if (mine || amount <= 0) return false;
    const { id: chargeId, payment_intent, currency } = charge;
    const dispute: Dispute = {
      ...{ id: this.id('du_'), object: 'dispute', amount, currency, charge: chargeId, payment_intent },
      ...{ status: 'needs_response', reason: 'fraudulent', balance_transactions: [{ amount: -amount }] },
    };
    this.disputes.set(dispute.id, dispute);
    this.move('adjustment', -amount, dispute);
    this.tell('charge.dispute.created', dispute);
    this.tell('charge.dispute.funds_withdrawn', dispute);
    return true;
  }

  close(dispute: Dispute, outcome: 'won' | 'lost'): void {
    dispute.status = outcome;
    if (outcome === 'won') {
      dispute.balance_transactions.push({ amount: dispute.amount });
      this.move('adjustment', dispute.amount, dispute);
    }
    this.tell('charge.dispute.closed', dispute);
    if (outcome === 'won') this.tell('charge.dispute.funds_reinstated', dispute);
  }

  private receive(session: Session, intent: Intent): void {
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
    session.payment_status = 'paid';
    const { amount, currency, id: payment_intent } = intent;
    const charge: Charge = {
      ...{ id: this.id('ch_'), object: 'charge', amount, amount_captured: amount, currency, payment_intent },
    };
    this.charges.set(charge.id, charge);
    this.move('charge', amount, charge);
  }

  private move(type: Movement['type'], amount: number, source: Movement['source']): void {
    const created = Math.floor(this.clock.now / 1000);
    const id = this.id('txn_');
    this.movements.push({
      id,
      object: 'balance_transaction',
      type,
      amount,
      currency: source.currency,
      created,
      source,
    });
  }

  private tell(type: string, object: object): void {
    const created = Math.floor(this.clock.now / 1000);
    const data = { object: structuredClone(object) };
    this.events.push({ id: this.id('evt_'), object: 'event', type, livemode: false, created, data });
  }

  private id(prefix: string): string {
    this.ids += 1;
    return `${prefix}${String(this.ids).padStart(8, '0')}`;
  }
}

export function found<Kind>(all: ReadonlyMap<string, Kind>, id: string): Kind {
  const one = all.get(id);
  if (!one) throw new Refusal(404, 'resource_missing', `No such object: ${id}`);
  return one;
}
