import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { migrations } from '../../migrations/index.js';
import { addPaidPayment, newRefund } from '../../testing/paid-payment.js';
import { claimDueRefunds, type DueRefund } from './claim-due-refunds.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_payments');
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.asOwner(`update refunds set status = 'succeeded'`);
  await rested();
});

/** Nothing was asked of the provider in the last second. */
const rested = () => db.asOwner(`update refund_pace set used_until = now() - interval '1 hour'`);

/** Refunds of one tenant that are due, the oldest of all. @returns the tenant's id */
async function waiting(refunds: number, age = '1 hour'): Promise<string> {
  const payment = await addPaidPayment(db, { paid: refunds * 100, putAside: refunds * 100 });
  for (let made = 0; made < refunds; made += 1) await db.asOwner(...newRefund(payment, 100));
  await db.asOwner(`update refunds set due_at = now() - $2::interval where tenant_id = $1`, [payment.tenantId, age]);
  return payment.tenantId;
}

const claim = (atOnce: number, perSecond: number): Promise<DueRefund[]> =>
  db.database.asJob((transaction) => claimDueRefunds(transaction, { atOnce, perSecond }));

describe('the pace of refunds', () => {
  it('is kept by all replicas together, and a quiet time saves up no more than a second', async () => {
    await waiting(60);
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(10, 20)));
    const claimed = claims.flat().map(({ refundId }) => refundId);
    // The claims themselves take a little time, in which the pace goes on.
    expect(claimed.length).toBeGreaterThanOrEqual(20);
    expect(claimed.length).toBeLessThan(40);
    expect(new Set(claimed).size).toBe(claimed.length);
  });

  it('is not used up by looking when nothing is due', async () => {
    for (let look = 0; look < 30; look += 1) expect(await claim(10, 20)).toEqual([]);
    await waiting(10);
    expect(await claim(10, 20)).toHaveLength(10);
  });

  it('is shared by the tenants: one refund does not wait for the many of a cancelled event', async () => {
    const [many, one] = [await waiting(50), await waiting(1, '1 second')];
    const tenants = (await claim(10, 20)).map(({ tenantId }) => tenantId);
    expect(tenants.filter((tenantId) => tenantId === one)).toHaveLength(1);
    expect(tenants.filter((tenantId) => tenantId === many)).toHaveLength(9);
  });

  it('is shared also when it is one by one, where the longest queue has the oldest', async () => {
    const [many, one] = [await waiting(50), await waiting(1, '1 second')];
    const served = new Set<string>();
    // Each claim is the other's with one half: forty in a row are not but once in 10^12 runs.
    for (let turn = 0; turn < 40 && !(served.has(one) && served.has(many)); turn += 1) {
      for (const { tenantId } of await claim(1, 1)) served.add(tenantId);
      await rested();
    }
    expect(served).toEqual(new Set([many, one]));
  });
});

describe('the days that the provider has to answer', () => {
  const overdue = async () => {
    await rested();
    await db.asOwner('update refunds set due_at = now()');
    return (await claim(10, 20)).map(({ isOverdue }) => isOverdue);
  };
  const ago = (column: string) => db.asOwner(`update refunds set ${column} = now() - interval '4 days'`);

  it('begin with the first try, not while a refund waits for its turn, and anew with each retry', async () => {
    await waiting(1);
    await ago('created_at');
    expect([await overdue(), await overdue()]).toEqual([[false], [false]]);
    await ago('first_tried_at');
    expect(await overdue()).toEqual([true]);
    await db.asOwner('update refunds set attempts = 0');
    expect(await overdue()).toEqual([false]);
  });
});
