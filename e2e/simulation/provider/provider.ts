import type { VirtualClock } from '../engine/virtual-clock.js';
import type { Charge, Dispute, Intent, Movement, ProviderEvent, Refund, Session } from './objects.js';
import { GivingBack } from './giving-back.js';
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
  readonly givingBack = new GivingBack(this);
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

  /** In the ledger. */
  move(type: Movement['type'], amount: number, source: Movement['source']): void {
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

  /** An event, for who delivers it. */
  tell(type: string, object: object): void {
    const created = Math.floor(this.clock.now / 1000);
    const data = { object: structuredClone(object) };
    this.events.push({ id: this.id('evt_'), object: 'event', type, livemode: false, created, data });
  }

  id(prefix: string): string {
    this.ids += 1;
    return `${prefix}${String(this.ids).padStart(8, '0')}`;
  }
}

export function found<Kind>(all: ReadonlyMap<string, Kind>, id: string): Kind {
  const one = all.get(id);
  if (!one) throw new Refusal(404, 'resource_missing', `No such object: ${id}`);
  return one;
}
