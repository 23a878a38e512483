import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bearingPayment } from './bearing-payment.js';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const payment = (id: string, paid: number | null, refundedTotal = 0) => ({
  id,
  paid: paid === null ? null : euros(paid),
  refundedTotal,
});

describe('the payment that bears a refund', () => {
  it('is the one that was named', () => {
    expect(bearingPayment([payment('a', 100), payment('b', 100)], euros(100), 'b')?.id).toBe('b');
  });

  it('is the oldest that has enough left', () => {
    expect(bearingPayment([payment('unpaid', null), payment('a', 100, 60), payment('b', 100)], euros(50))?.id).toBe(
      'b',
    );
  });

  it('is never one in another currency, or one that would pay out more than came in', () => {
    expect(bearingPayment([payment('a', 100, 60)], euros(50))).toBeUndefined();
    expect(bearingPayment([payment('a', 100)], { amount: 50, currency: 'USD' })).toBeUndefined();
  });

  it('hard case 8: exists for every refund of an order that was paid twice, in whatever order they are asked for', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.nat(), (tickets, at) => {
        const total = tickets.reduce((sum, part) => sum + part, 0);
        const payments = [payment('a', total), payment('b', total)];
        const asked: { amount: number; named?: string }[] = tickets.map((amount) => ({ amount }));
        asked.splice(at % (asked.length + 1), 0, { amount: total, named: 'a' });
        for (const { amount, named } of asked) {
          const bearing = bearingPayment(payments, euros(amount), named);
          expect(bearing).toBeDefined();
          if (bearing) bearing.refundedTotal += amount;
        }
      }),
    );
  });
});
