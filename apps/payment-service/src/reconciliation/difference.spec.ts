import { describe, expect, it } from '@jest/globals';
import { differenceOf, type Booked, type Provided } from './difference.js';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const yen = (amount: number) => ({ amount, currency: 'JPY' });
const booked = (changes: Partial<Booked> = {}): Booked => ({
  tenantId: 't',
  orderId: 'o',
  paymentId: 'p',
  refundId: null,
  status: null,
  amount: eur(9000),
  ...changes,
});
const payment = (amount = eur(9000)): Provided => ({ about: 'payment', amount });
const refund = (status: 'pending' | 'succeeded' | 'failed', amount = eur(4500)): Provided => ({
  about: 'refund',
  amount,
  status,
});
const bookedRefund = (status: Booked['status'], amount: Booked['amount']) => booked({ refundId: 'r', status, amount });

describe('a payment', () => {
  it.each([
    ['that is booked to the cent', payment(), booked(), null],
    ['of nobody', payment(), undefined, 'unknown-payment'],
    ['that is held as unpaid', payment(), booked({ amount: null }), 'unpaid-here'],
    ['a cent less', payment(eur(8999)), booked(), 'amount-differs'],
    ['in another currency', payment(yen(9000)), booked(), 'amount-differs'],
    ['in a currency without cents', payment(yen(9000)), booked({ amount: yen(9000) }), null],
  ])('%s', (_, provided, books, difference) => {
    expect(differenceOf(provided, books)).toBe(difference);
  });
});

describe('a refund', () => {
  it.each([
    ['that is booked to the cent', refund('succeeded'), bookedRefund('succeeded', eur(4500)), null],
    ['that we never heard of', refund('succeeded'), undefined, 'refund-unknown'],
    ['on its way that we never heard of', refund('pending'), undefined, 'refund-unknown'],
    ['on its way that we know', refund('pending'), bookedRefund('pending', null), null],
    ['that failed and that we never heard of', refund('failed'), undefined, null],
    ['that failed here too', refund('failed'), bookedRefund('failed', null), null],
    ['that failed and is booked as gone', refund('failed'), bookedRefund('succeeded', eur(4500)), 'refund-differs'],
    ['that failed and is waited for', refund('failed'), bookedRefund('pending', null), 'refund-differs'],
    ['that succeeded and is waited for', refund('succeeded'), bookedRefund('pending', null), 'refund-differs'],
    ['of another amount', refund('succeeded'), bookedRefund('succeeded', eur(4499)), 'amount-differs'],
  ])('%s', (_, provided, books, difference) => {
    expect(differenceOf(provided, books)).toBe(difference);
  });
});

describe('a dispute', () => {
  const dispute = (isGone: boolean): Provided => ({ about: 'dispute', amount: eur(9000), isGone });
  it.each([
    ['whose money is gone on both sides', dispute(true), booked(), null],
    ['whose money was never taken, or came back', dispute(false), booked({ amount: null }), null],
    ['that we never heard of', dispute(true), undefined, 'dispute-differs'],
    ['whose money is gone, and still booked as ours', dispute(true), booked({ amount: null }), 'dispute-differs'],
    ['whose money came back, and is booked as gone', dispute(false), booked(), 'dispute-differs'],
    ['about another amount', dispute(true), booked({ amount: eur(1) }), 'amount-differs'],
  ])('%s', (_, provided, books, difference) => {
    expect(differenceOf(provided, books)).toBe(difference);
  });
});

it('what cannot be read is a difference', () => {
  expect(differenceOf({ about: 'movement' }, undefined)).toBe('unreadable');
});
