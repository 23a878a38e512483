import { createTestDatabase, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { migrations } from '../migrations/index.js';
import { OwedOrderStore } from './owed-order.store.js';
import { PaymentAccountStore } from './payment-account.store.js';
import { PaymentStore } from './payment.store.js';
import { reservedEvent } from '../testing/reserved-event.js';

jest.setTimeout(30_000);

const tenant = uuid();
let test: TestDatabase;
let orders: OwedOrderStore;
let payments: PaymentStore;
beforeAll(async () => {
  test = await createTestDatabase(migrations, 'orders_in_groups');
  orders = new OwedOrderStore(test.database);
  payments = new PaymentStore(test.database);
});
afterAll(() => test.drop());

const reserved = (orderId = uuid(), total = 9000) => ({
  orderId,
  event: reservedEvent(),
  buyer: { id: uuid(), name: 'Ada', email: 'ada@buyers.example' },
  items: [{ ticketTypeId: uuid(), name: 'Standing', quantity: 1, unitPrice: { amount: total, currency: 'EUR' } }],
  total: { amount: total, currency: 'EUR' },
  expiresAt: new Date(Date.now() + 900_000).toISOString(),
  correlationId: `request of ${orderId}`,
});
const record = (some: ReturnType<typeof reserved>[]) => test.database.asTenant(tenant, () => orders.recordAll(some));
const close = (ids: string[]) => test.database.asTenant(tenant, () => orders.closeAll(ids));
const stored = (ids: string[]) =>
  test.asOwner<{ order_id: string; total: number | null; closed: boolean; correlation_id: string | null }>(
    `select order_id, total, closed_at is not null as closed, correlation_id from owed_orders where order_id = any($1) order by order_id`,
    [ids],
  );

describe('an order', () => {
  it('whose checkout two open at the same moment is had by one, then by the other', async () => {
    const order = reserved();
    await record([order]);
    const steps: string[] = [];
    const open = (work: () => Promise<void>) =>
      test.database.asTenant(tenant, async () => {
        await orders.lock(order.orderId);
        await work();
      });
    let hasIt = () => {};
    const had = new Promise<void>((resolve) => (hasIt = resolve));
    const first = open(async () => {
      hasIt();
      await sleep(300);
      steps.push('the first is done');
    });
    await had;
    const second = open(async () => void steps.push('the second has it'));
    await Promise.all([first, second]);
    expect(steps).toEqual(['the first is done', 'the second has it']);
  });
});

describe('orders that are told in a group', () => {
  it('each with what is its own, also its correlation', async () => {
    const some = [reserved(uuid(), 1000), reserved(uuid(), 2000)];
    await record(some);
    expect(await stored(some.map(({ orderId }) => orderId))).toEqual(
      some.map(({ orderId, total, correlationId }) => ({
        order_id: orderId,
        total: total.amount,
        closed: false,
        correlation_id: correlationId,
      })),
    );
  });

  it('one that is told twice, in the group or after it, keeps its first price', async () => {
    const id = uuid();
    await record([reserved(id, 1000), reserved(), reserved(id, 2000)]);
    await record([reserved(id, 3000)]);
    expect(await stored([id])).toMatchObject([{ total: 1000 }]);
  });

  it('one whose end was told before its beginning stays closed, and is known from then on', async () => {
    const [early, open] = [uuid(), uuid()];
    await close([early, early]);
    await record([reserved(early, 1000), reserved(open)]);
    expect(await stored([early, open])).toMatchObject([{ total: 1000, closed: true }, { closed: false }]);
  });

  it('confirmed and expired in groups at once, in whatever order: closed, without a deadlock', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ids = Array.from({ length: 300 }, () => uuid());
      const [there, back] = [ids, ids.toReversed()].map((some) => some.map((id) => reserved(id)));
      await Promise.all([close(ids), record(there!), close(ids.toReversed()), record(back!)]);
      await Promise.all([close(ids), close(ids.toReversed())]);
      const all = await stored(ids);
      expect([all.length, all.filter(({ closed, total }) => closed && total === 9000).length]).toEqual([300, 300]);
    }
  });

  it('their open payments have to end now, those of other orders not', async () => {
    const some = [reserved(), reserved(), reserved()];
    await record(some);
    const ids = some.map(({ orderId }) => orderId);
    await test.database.asTenant(tenant, async () => {
      const accountId = await new PaymentAccountStore(test.database).current(tenant);
      for (const { orderId, buyer, total } of some)
        await payments.insert({
          ...{ id: uuid(), tenantId: tenant, orderId, userId: buyer.id, accountId, owed: total },
          ...{ correlationId: 'c', idempotencyKey: uuid(), parameters: {} as never },
          closeDueAt: new Date(Date.now() + 900_000),
        });
    });
    const closeNow = (which: string[]) => test.database.asTenant(tenant, () => payments.closeNow(which));
    const [first, ...others] = ids;
    expect(await closeNow(others)).toBe(true);
    const later = await test.asOwner<{ order_id: string }>(
      'select order_id from payments where order_id = any($1) and close_due_at > now()',
      [ids],
    );
    expect(later.map((row) => row.order_id)).toEqual([first]);
    expect(await closeNow([uuid()])).toBe(false);
  });
});
