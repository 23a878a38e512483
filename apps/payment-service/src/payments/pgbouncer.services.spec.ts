import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startPgbouncer, type Pgbouncer } from '@app/testing';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { PaymentPlatform, START_LIMIT } from '../testing/payment-platform.js';
import { RefundDesk } from '../testing/refund-desk.js';

/** Fewer than those who work at once, so that every connection is everybody's in turn. */
const CONNECTIONS = 2;

let pgbouncer: Pgbouncer;
let platform: PaymentPlatform;
beforeAll(async () => {
  platform = await PaymentPlatform.start(async (url) => (pgbouncer = await startPgbouncer(url, CONNECTIONS)).url);
}, START_LIMIT);
afterAll(async () => {
  await platform?.remove();
  await pgbouncer?.stop();
});

describe('behind pgbouncer in transaction mode', () => {
  it('two organizations are paid and give back side by side, and neither sees a payment of the other', async () => {
    const desk = new RefundDesk(platform);
    const houses = [1, 2].map(() => ({ tenantId: uuid(), organizer: uuid() }));
    for (const { tenantId, organizer } of houses)
      platform.ticketApi.memberships.set(organizer, [{ id: tenantId, role: 'organizer' }]);
    const bare = new pg.Client({ connectionString: pgbouncer.url });
    await bare.connect();
    try {
      await Promise.all(
        [...houses, ...houses, ...houses].map(async ({ tenantId, organizer }) => {
          const { order } = await desk.paidOrder({ tenantId });
          const refundId = await desk.ask(order, 4500);
          await eventually(async () => expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded' }));
          const { body } = await platform.view(order.orderId, organizer);
          expect(body).toMatchObject({ status: 'partially-refunded', refunded: { amount: 4500 } });
          const other = houses.find((house) => house.tenantId !== tenantId)!;
          expect((await platform.view(order.orderId, other.organizer)).status).toBe(404);
          // On a connection that has just served somebody.
          const { rows } = await bare.query(
            `select count(*)::int as seen, coalesce(current_setting('app.tenant_id', true), '') as tenant, current_user = session_user as self from payments`,
          );
          expect(rows).toEqual([{ seen: 0, tenant: '', self: true }]);
        }),
      );
    } finally {
      await bare.end();
    }
    const books = await platform.database.asOwner<{ tenant_id: string; left: number }>(
      `select tenant_id, (sum(paid) - sum(refunded_total))::int as left from payments group by tenant_id`,
    );
    expect(new Set(books.map(({ tenant_id }) => tenant_id))).toEqual(new Set(houses.map(({ tenantId }) => tenantId)));
    expect(books.map(({ left }) => left)).toEqual([3 * 4500, 3 * 4500]);
  }, 60_000);
});
