import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { migrations } from '../migrations/index.js';
import { addPaidPayment, type PaidPayment } from '../testing/paid-payment.js';
import { RefundStore } from './refund.store.js';

const MANY = 2_000;

let db: TestDatabase;
let payment: PaidPayment;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'refund_store');
  payment = await addPaidPayment(db, { paid: MANY, putAside: MANY });
  await db.asOwner(
    `insert into refunds (id, tenant_id, order_id, payment_id, user_id, origin, reason, amount, currency, correlation_id, provider_refund_id)
     select gen_random_uuid(), $1, $2, $3, $4, 'tickets-returned', 'refund', 1, 'EUR', 'c', 're_' || n from generate_series(1, ${MANY}) n`,
    [payment.tenantId, payment.orderId, payment.paymentId, payment.userId],
  );
  await db.asOwner('analyze refunds');
});
afterAll(() => db.drop());

const find = (refundId: string | null, providerRefundId?: string) =>
  db.database.asTenant(payment.tenantId, async (transaction) => {
    const found = await new RefundStore(db.database).lock(refundId, providerRefundId);
    const [read] = await transaction.query<{ scans: number }>(
      `select seq_scan::int as scans from pg_stat_xact_user_tables where relname = 'refunds'`,
    );
    return { found: found?.providerRefundId, scans: read?.scans };
  });

describe('a refund among thousands', () => {
  it('hard case 26: is found without reading the others, by our id, by the provider’s, or by both', async () => {
    const [{ id }] = (await db.asOwner<{ id: string }>(`select id from refunds where provider_refund_id = 're_7'`)) as [
      { id: string },
    ];
    expect(await find(id)).toEqual({ found: 're_7', scans: 0 });
    expect(await find(null, 're_8')).toEqual({ found: 're_8', scans: 0 });
    expect(await find(id, 're_9')).toEqual({ found: 're_9', scans: 0 });
    expect(await find(id, 're_none')).toEqual({ found: 're_7', scans: 0 });
  });

  it('is not mistaken for another by an id of somebody else’s making', async () => {
    expect(await find('no uuid, but whatever stands in the metadata')).toMatchObject({ found: undefined });
    expect(await find("7'; drop table refunds", 're_8')).toMatchObject({ found: 're_8' });
  });
});
