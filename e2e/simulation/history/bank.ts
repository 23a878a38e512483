import type { Provider } from '../provider/provider.js';
import type { ProviderEvent } from '../provider/objects.js';
import type { Steps } from './steps.js';

/** What happens at the provider without the platform: buyers pay, refunds turn out, banks take money back. Of this history only. */
export class Bank {
  private readonly provider: Provider;
  private readonly before: ReadonlySet<string>;

  constructor(private readonly steps: Steps) {
    this.provider = steps.world.provider;
    this.before = new Set([...this.provider.sessions.keys(), ...this.provider.charges.keys()]);
  }

  /** Also on a page that was left open: whether there is still something to pay decides the provider. */
  pay(): void {
    const { dice } = this.steps;
    const open = this.sessions.filter(({ status }) => status === 'open');
    if (open.length === 0) return;
    const { id } = dice.pick(open);
    const how = dice.chance(0.85) ? 'now' : 'later';
    this.provider.pay(id, how);
    this.steps.say(`a buyer pays ${id} ${how}`);
  }

  settle(): void {
    const { dice } = this.steps;
    const [session] = this.provider.unsettled;
    if (!session) return;
    const arrives = dice.chance(0.6);
    this.provider.settle(session, arrives);
    this.steps.say(`the money of ${session.id} ${arrives ? 'arrives' : 'does not arrive'}`);
  }

  /** How the next refunds begin. */
  mood(): void {
    this.provider.givingBack.refundsBegin = this.steps.dice.pick(['succeeded', 'pending']);
  }

  /** A pending refund ends; or, `late`, one that had succeeded comes back. */
  turn(late = this.steps.dice.chance(0.15)): void {
    const wanted = late ? 'succeeded' : 'pending';
    const refunds = [...this.provider.refunds.values()].filter(
      (each) => each.status === wanted && !this.before.has(each.charge),
    );
    const refund = refunds.length > 0 ? this.steps.dice.pick(refunds) : undefined;
    if (!refund) return;
    const status = late || this.steps.dice.chance(0.3) ? 'failed' : 'succeeded';
    this.provider.givingBack.turn(refund, status);
    this.steps.say(`${refund.id} has ${status}`);
  }

  /** Somebody gives money back in the provider's dashboard, all that is left or a part: nothing says for what. */
  refundByHand(): void {
    const { dice } = this.steps;
    const { givingBack } = this.provider;
    const charges = this.charges.filter((charge) => givingBack.leftOf(charge) > 0 && !givingBack.isDisputed(charge));
    if (charges.length === 0) return;
    const charge = dice.pick(charges);
    const left = givingBack.leftOf(charge);
    const amount = dice.chance(0.5) ? left : dice.between(1, left);
    const { id } = givingBack.createRefund({ payment_intent: charge.payment_intent, amount, metadata: {} });
    this.steps.say(`somebody gives back ${amount} of ${left} by hand, ${id} of ${charge.payment_intent}`);
  }

  dispute(): void {
    const { dice } = this.steps;
    const [open] = this.disputes;
    if (open && dice.chance(0.7)) {
      const outcome = dice.pick(['won', 'lost'] as const);
      this.provider.givingBack.close(open, outcome);
      return this.steps.say(`${open.id} is ${outcome}`);
    }
    const { charges } = this;
    const charge = charges.length > 0 ? dice.pick(charges) : undefined;
    if (charge && this.provider.givingBack.dispute(charge)) this.steps.say(`the bank disputes ${charge.id}`);
  }

  /** Nothing of its own is open any more. */
  finish(): void {
    while (this.provider.unsettled.length > 0) this.settle();
    while ([...this.provider.refunds.values()].some(({ status }) => status === 'pending')) this.turn(false);
  }

  takeEvents(): ProviderEvent[] {
    return this.provider.events.splice(0);
  }

  private get sessions() {
    return [...this.provider.sessions.values()].filter(({ id }) => !this.before.has(id));
  }

  private get charges() {
    return [...this.provider.charges.values()].filter(({ id }) => !this.before.has(id));
  }

  private get disputes() {
    return [...this.provider.disputes.values()].filter(
      ({ status, charge }) => status === 'needs_response' && !this.before.has(charge),
    );
  }
}
