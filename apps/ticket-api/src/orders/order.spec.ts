import { describe, expect, it } from '@jest/globals';
import { cancelOrder, mayBecome, receivePayment, type ConfirmedHow, type Order, type OrderStatus } from './order.js';

const total = { amount: 4500, currency: 'EUR' };
const order = (status: OrderStatus, more: Partial<Order> = {}): Order => ({
  status,
  confirmedHow: status === 'confirmed' ? 'paid' : null,
  paymentId: null,
  total,
  ...more,
});
const payment = { paymentId: 'p1', amount: total };
const running = { cancelled: false };

describe('an order', () => {
  it('moves only along its transitions', () => {
    const all: OrderStatus[] = ['pending', 'confirmed', 'expired', 'cancelled', 'refunded'];
    const allowed = all.flatMap((from) => all.filter((to) => mayBecome(from, to)).map((to) => `${from}>${to}`));
    expect(allowed).toEqual([
      'pending>confirmed',
      'pending>expired',
      'pending>cancelled',
      'confirmed>cancelled',
      'confirmed>refunded',
      'expired>confirmed',
    ]);
  });

  it.each([
    ['a pending order is confirmed', order('pending'), { effect: 'confirm' }],
    ['after the hold ended, stock is taken again', order('expired'), { effect: 'retake' }],
    ['the same payment told twice changes nothing', order('confirmed', { paymentId: 'p1' }), { effect: 'absorb' }],
    [
      'the same payment told again after a refund changes nothing',
      order('refunded', { paymentId: 'p1' }),
      { effect: 'absorb' },
    ],
    [
      'a second payment goes back',
      order('confirmed', { paymentId: 'p0' }),
      { effect: 'unfulfillable', reason: 'paid-twice' },
    ],
    [
      'money for an order confirmed at the desk goes back',
      order('confirmed', { confirmedHow: 'desk' }),
      { effect: 'unfulfillable', reason: 'paid-twice' },
    ],
    [
      'money for a cancelled order goes back',
      order('cancelled'),
      { effect: 'unfulfillable', reason: 'order-cancelled' },
    ],
    [
      'another payment for a refunded order goes back',
      order('refunded', { paymentId: 'p0' }),
      { effect: 'unfulfillable', reason: 'order-refunded' },
    ],
  ])('when money arrives: %s', (_rule, given, expected) => {
    expect(receivePayment(given, payment, running)).toEqual(expected);
  });

  it('money for a cancelled event goes back, whatever the order waits for', () => {
    for (const status of ['pending', 'expired'] as const)
      expect(receivePayment(order(status), payment, { cancelled: true })).toEqual({
        effect: 'unfulfillable',
        reason: 'event-cancelled',
      });
  });

  it('an amount or currency that is not the total buys nothing', () => {
    for (const amount of [
      { amount: 4499, currency: 'EUR' },
      { amount: 4500, currency: 'USD' },
    ])
      expect(receivePayment(order('pending'), { paymentId: 'p1', amount }, running)).toEqual({
        effect: 'unfulfillable',
        reason: 'amount-mismatch',
      });
  });

  it.each([
    ['pending', null, { effect: 'cancel-hold' }],
    ['cancelled', null, { effect: 'already-cancelled' }],
    ['expired', null, { effect: 'refused', code: 'order-ended' }],
    ['refunded', 'paid', { effect: 'refused', code: 'order-ended' }],
    ['confirmed', 'paid', { effect: 'refused', code: 'refund-required' }],
    ['confirmed', 'free', { effect: 'cancel-confirmed' }],
    ['confirmed', 'desk', { effect: 'cancel-confirmed' }],
  ] as [OrderStatus, ConfirmedHow | null, object][])('cancelling when %s (%s)', (status, confirmedHow, expected) => {
    expect(cancelOrder({ status, confirmedHow })).toEqual(expected);
  });
});
