import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { migrations } from '../migrations/index.js';
import { PaymentStore } from '../payments/payments.module.js';
import { addPaidPayment, newRefund, type PaidPayment } from '../testing/paid-payment.js';
import { RefundStore } from './refund.store.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_payments');
});
afterAll(() => db.drop());

const REFUSED = /more than it has put aside|could not serialize|deadlock detected/;

/** Statements of the service's own login, in one transaction of their own. */
async function asLogin(
  { tenantId }: PaidPayment,
  statements: [string, unknown[]?][],
  isolation: 'READ COMMITTED' | 'REPEATABLE READ' = 'READ COMMITTED',
): Promise<void> {
  const runner = db.source.createQueryRunner();
  try {
    await runner.startTransaction(isolation);
    await runner.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
    for (const [sql, parameters] of statements) await runner.query(sql, parameters);
    await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

const refunded = async ({ paymentId }: PaidPayment) => {
  const [row] = await db.asOwner<{ sum: number }>(
    `select coalesce(sum(amount), 0)::int as sum from refunds where payment_id = $1 and status <> 'failed'`,
    [paymentId],
  );
  return row?.sum;
};
const succeeded = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.filter(({ status }) => status === 'fulfilled').length;

describe('hard case 11: the refunds of a payment are never more than what was paid', () => {
  it('however many are asked for at once on connections of their own', async () => {
    const payment = await addPaidPayment(db, { paid: 9000 });
    const [payments, refunds] = [new PaymentStore(db.database), new RefundStore(db.database)];
    const amount = { amount: 1000, currency: 'EUR' };
    const given = { amount, origin: 'tickets-returned', reason: 'refund', correlationId: 'c' } as const;
    const one = () =>
      db.database.asTenant(payment.tenantId, async () => {
        if (!(await payments.reserveRefund(payment.paymentId, amount))) return false;
        await refunds.insert({ ...given, id: uuid(), payment: await payments.lock(payment.paymentId) });
        return true;
      });
    const outcomes = await Promise.all(Array.from({ length: 24 }, one));
    expect(outcomes.filter(Boolean)).toHaveLength(9);
    expect(await refunded(payment)).toBe(9000);
  });

  it('also when a program forgets to put the money aside', async () => {
    const payment = await addPaidPayment(db);
    await expect(asLogin(payment, [newRefund(payment, 1)])).rejects.toThrow(REFUSED);
    expect(await refunded(payment)).toBe(0);
  });

  it.each(['READ COMMITTED', 'REPEATABLE READ'] as const)(
    'also when such programs race, each of whose refunds alone would fit (%s)',
    async (isolation) => {
      const payment = await addPaidPayment(db, { paid: 9000, putAside: 9000 });
      const race = Array.from({ length: 8 }, () => asLogin(payment, [newRefund(payment, 4000)], isolation));
      const outcomes = await Promise.allSettled(race);
      expect(succeeded(outcomes)).toBeGreaterThan(0);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect((outcome.reason as Error).message).toMatch(REFUSED);
      expect(await refunded(payment)).toBe(4000 * succeeded(outcomes));
      expect(await refunded(payment)).toBeLessThanOrEqual(9000);
    },
  );

  it.each([
    ['raises one', `update refunds set amount = 9001 where payment_id = $1`],
    ['revives one that failed', `update refunds set status = 'pending' where payment_id = $1`],
    ['turns one into another currency', `update refunds set currency = 'KWD' where payment_id = $1`],
    ['forgets what was put aside', `update payments set refunded_total = 0 where id = $1`],
    [
      'says that another currency was paid',
      `update payments set status = 'review', paid_currency = 'KWD' where id = $1`,
    ],
    ['says that one is covered, by none', `update refunds set covered = 1 where payment_id = $1`],
    ['says that one covers another, of which nobody knows', `update refunds set covers = 1 where payment_id = $1`],
    ['has one cover more than it is', `update refunds set covers = 9002, covered = 9002 where payment_id = $1`],
    ['puts more aside than was paid', `update payments set refunded_total = 9001 where id = $1`],
  ])('also when somebody %s by SQL as the application', async (_, sql) => {
    const payment = await addPaidPayment(db, { paid: 9000, putAside: 9000 });
    await asLogin(payment, [newRefund(payment, 9000)]);
    const failed = newRefund(payment, 1);
    failed[0] = failed[0]
      .replace(', correlation_id)', ', correlation_id, status, failure)')
      .replace(`'c')`, `'c', 'failed', 'x')`);
    await asLogin(payment, [failed]);
    await expect(asLogin(payment, [[sql, [payment.paymentId]]])).rejects.toThrow(
      /more than it has put aside|never_refund_more_than_paid|within_refund/,
    );
    expect(await refunded(payment)).toBe(9000);
  });

  it('nor is money put aside in another currency than was paid', async () => {
    const payment = await addPaidPayment(db, { paid: 9000 });
    const reserve = (currency: string) =>
      db.database.asTenant(payment.tenantId, () =>
        new PaymentStore(db.database).reserveRefund(payment.paymentId, { amount: 1, currency }),
      );
    expect([await reserve('KWD'), await reserve('EUR')]).toEqual([false, true]);
  });

  it('also when the door is another one by the time of the commit', async () => {
    const payment = await addPaidPayment(db);
    const elsewhere: [string, unknown[]] = [`select set_config('app.tenant_id', $1, true)`, [uuid()]];
    await expect(asLogin(payment, [newRefund(payment, 1), elsewhere])).rejects.toThrow(REFUSED);
    expect(await refunded(payment)).toBe(0);
  });
});
