import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cancelOrder, mayBecome, receivePayment, type Order, type OrderStatus } from './order.js';

const TOTAL = { amount: 4500, currency: 'EUR' };

/** What may happen to an order, in any order and however often. */
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    what: fc.constant('pay' as const),
    paymentId: fc.constantFrom('p1', 'p2', 'p3'),
    isStockFree: fc.boolean(),
  }),
  fc.record({
    what: fc.constantFrom<'hold ends' | 'cancel' | 'desk' | 'refund' | 'event is cancelled' | 'sweep'>(
      'hold ends',
      'cancel',
      'desk',
      'refund',
      'event is cancelled',
      'sweep',
    ),
  }),
);

type Happening =
  | { what: 'pay'; paymentId: string; isStockFree: boolean }
  | { what: 'hold ends' | 'cancel' | 'desk' | 'refund' | 'event is cancelled' | 'sweep' };

/** The services' use of the rules, without their databases: what is locked and judged there is judged here. */
class Life {
  order: Order = { status: 'pending', confirmedHow: null, paymentId: null, total: TOTAL };
  readonly ways: [OrderStatus, OrderStatus][] = [];
  /** Payments that came, and what became of the money of each. */
  readonly money = new Map<string, 'kept' | 'returned'>();
  private isCancelled = false;

  live(happened: Happening): void {
    if (happened.what === 'pay') return this.pay(happened.paymentId, happened.isStockFree);
    const { status } = this.order;
    if (happened.what === 'event is cancelled') this.isCancelled = true;
    if (happened.what === 'hold ends' && status === 'pending') this.become('expired');
    if (happened.what === 'desk' && status === 'pending' && !this.isCancelled) this.confirm('desk', null);
    if (happened.what === 'refund' && status === 'confirmed') this.giveBack();
    if (happened.what === 'sweep' && this.isCancelled && status === 'pending') this.become('cancelled');
    if (happened.what === 'sweep' && this.isCancelled && status === 'confirmed') this.giveBack();
    if (happened.what === 'cancel' && ['cancel-hold', 'cancel-confirmed'].includes(cancelOrder(this.order).effect))
      this.become('cancelled');
  }

  private pay(paymentId: string, isStockFree: boolean): void {
    // Of a payment that went back in full nothing is done twice: its refund is there.
    if (this.money.get(paymentId) === 'returned') return;
    const { effect } = receivePayment(this.order, { paymentId, amount: TOTAL }, { cancelled: this.isCancelled });
    if (effect === 'absorb') return;
    if (effect === 'confirm' || (effect === 'retake' && isStockFree)) this.confirm('paid', paymentId);
    else this.money.set(paymentId, 'returned');
  }

  private confirm(how: 'paid' | 'desk', paymentId: string | null): void {
    this.become('confirmed');
    this.order = { ...this.order, confirmedHow: how, paymentId };
    if (paymentId) this.money.set(paymentId, 'kept');
  }

  private giveBack(): void {
    this.become('refunded');
    if (this.order.paymentId) this.money.set(this.order.paymentId, 'returned');
  }

  private become(status: OrderStatus): void {
    this.ways.push([this.order.status, status]);
    this.order = { ...this.order, status };
  }
}

describe('an order, whatever happens to it and however often', () => {
  const lives = fc.array(happening, { maxLength: 30 }).map((happenings) => {
    const life = new Life();
    for (const each of happenings) life.live(each);
    return life;
  });
  const always = (holds: (life: Life) => void) => fc.assert(fc.property(lives, holds), { numRuns: 1_000 });

  it('goes only ways that are allowed', () => {
    always(({ ways }) => expect(ways.filter(([from, to]) => !mayBecome(from, to))).toEqual([]));
  });

  it('keeps the money of one payment at most, and only while it is confirmed', () => {
    always(({ order, money }) => {
      const kept = [...money].filter(([, where]) => where === 'kept').map(([id]) => id);
      expect(kept).toEqual(order.status === 'confirmed' && order.paymentId ? [order.paymentId] : []);
    });
  });

  it('is confirmed without a payment only by the desk', () => {
    always(({ order }) => {
      if (order.status === 'confirmed' && order.paymentId === null) expect(order.confirmedHow).toBe('desk');
    });
  });
});
