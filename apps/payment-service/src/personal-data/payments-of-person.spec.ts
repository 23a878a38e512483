import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PaymentsOfPerson } from '@app/contracts';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { migrations } from '../migrations/index.js';
import { addPaidPayment, newRefund, type PaidPayment } from '../testing/paid-payment.js';
import { PaymentsOfPersonStore } from './payments-of-person.store.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_payments_of_person');
});
afterAll(() => db.drop());

const email = 'ada@buyers.example';
async function paidAndDisputed(): Promise<PaidPayment> {
  const payment = await addPaidPayment(db, { putAside: 100 });
  const { tenantId, orderId, paymentId, userId } = payment;
  const one = [userId, email, orderId];
  await db.asOwner('update owed_orders set user_id = $1, buyer_email = $2 where order_id = $3', one);
  await db.asOwner(`update payments set parameters = json_build_object('customer_email', $1::text) where id = $2`, [
    email,
    paymentId,
  ]);
  await db.asOwner(...newRefund(payment, 100));
  await db.asOwner(`update refunds set note = 'sorry' where order_id = $1`, [orderId]);
  await db.asOwner(
    `insert into disputes (id, tenant_id, order_id, payment_id, provider_dispute_id, status, amount, currency, reason, withdrawn, reinstated)
     values ($1::uuid, $2, $3, $4, 'dp_' || $1::text, 'open', 9000, 'EUR', 'fraudulent', false, false)`,
    [uuid(), tenantId, orderId, paymentId],
  );
  return payment;
}

it('tells a person of the own payments at every tenant, with refunds and disputes, and of no other', async () => {
  const [mine] = [await paidAndDisputed(), await paidAndDisputed()];
  const { orderId, paymentId, userId } = mine;
  const held = await new PaymentsOfPersonStore(db.database).read(userId);
  expect(PaymentsOfPerson.parse(held)).toEqual(held);
  expect(held).toMatchObject({
    owed: [{ orderId, email }],
    payments: [{ id: paymentId, orderId, status: 'succeeded', paid: 9000, refunded: 100, email }],
    refunds: [{ orderId, amount: { amount: 100, currency: 'EUR' }, note: 'sorry' }],
    disputes: [{ orderId, reason: 'fraudulent' }],
  });
  expect([held.owed, held.payments, held.refunds, held.disputes].map(({ length }) => length)).toEqual([1, 1, 1, 1]);
});

it('has nothing of somebody who bought nothing', async () => {
  const empty = { owed: [], payments: [], refunds: [], disputes: [] };
  expect(await new PaymentsOfPersonStore(db.database).read(uuid())).toEqual(empty);
});
