import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { migrations } from './migrations/index.js';
import { addPaidPayment, newRefund, type PaidPayment } from './testing/paid-payment.js';

let db: TestDatabase;
let payment: PaidPayment;
let refundId: string;
let disputeId: string;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_payments');
});
afterAll(() => db.drop());
beforeEach(async () => {
  payment = await addPaidPayment(db, { putAside: 4500 });
  const [sql, parameters] = newRefund(payment, 4500);
  await db.asOwner(sql, parameters);
  refundId = parameters[0] as string;
  disputeId = uuid();
  await db.asOwner(
    `insert into disputes (id, tenant_id, order_id, payment_id, provider_dispute_id, status, amount, currency, reason, withdrawn, reinstated)
     values ($1::uuid, $2, $3, $4, $1::text, 'open', 9000, 'EUR', 'fraudulent', true, false)`,
    [disputeId, payment.tenantId, payment.orderId, payment.paymentId],
  );
});

const post = (what: string, of: { refundId?: string; disputeId?: string; round?: number } = {}) =>
  db.asOwner(
    `insert into ledger_transfers (id, tenant_id, order_id, payment_id, refund_id, dispute_id, round, what, debit_account, credit_account, amount, currency)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'organization-payable', 'provider-balance', 100, 'EUR')`,
    [
      ...[uuid(), payment.tenantId, payment.orderId, payment.paymentId],
      ...[of.refundId ?? null, of.disputeId ?? null, of.round ?? 0, what],
    ],
  );
const change = (table: string, changes: string, id: string) =>
  db.asOwner(`update ${table} set ${changes} where id = $1`, [id]);
const changePayment = (changes: string, { paymentId } = payment) => change('payments', changes, paymentId);
const owe = (facts: string) =>
  db.asOwner(
    `insert into owed_orders (tenant_id, order_id, user_id, buyer_email, event_title, items, total, currency, expires_at, closed_at)
     values ($1, $2, ${facts})`,
    [uuid(), uuid()],
  );

const differ = (settlement: string) =>
  db.asOwner(
    `insert into reconciliation_differences (id, kind, about, subject, repaired_at, repair, settled_by, note)
     values ($1::uuid, 'unknown-payment', 'payment', $1::uuid::text, ${settlement})`,
    [uuid()],
  );

/** [the constraint, what it forbids, what is right, what is wrong] */
const constraints: [string, string, () => Promise<unknown>, () => Promise<unknown>][] = [
  [
    'ledger_transfers_payment_id_idx',
    "a payment's money to come twice",
    () => post('payment'),
    () => post('payment-in-review'),
  ],
  [
    'ledger_transfers_refund_id_what_round_idx',
    'a refund to move twice the same way, unless a person has taken it up between',
    async () => {
      await post('refund', { refundId });
      await post('refund-returned', { refundId });
      await post('refund', { refundId, round: 1 });
    },
    () => post('refund', { refundId, round: 1 }),
  ],
  [
    'ledger_transfers_dispute_id_what_idx',
    'a dispute to move twice the same way',
    async () => {
      await post('dispute-withdrawn', { disputeId });
      await post('dispute-reinstated', { disputeId });
    },
    () => post('dispute-withdrawn', { disputeId }),
  ],
  [
    'refunds_move_their_money',
    "a refund's money to move for no refund",
    () => post('refund', { refundId }),
    () => post('refund'),
  ],
  [
    'disputes_move_their_money',
    "a dispute's money to move for no dispute",
    () => post('dispute-withdrawn', { disputeId }),
    () => post('dispute-withdrawn'),
  ],
  [
    'payments_session_id_key',
    'one session to stand on two payments',
    () => changePayment(`session_id = 'cs_of_both'`),
    async () => changePayment(`session_id = 'cs_of_both'`, await addPaidPayment(db)),
  ],
  [
    'payments_payment_intent_key',
    'one intent to pay two payments',
    () => changePayment(`payment_intent = 'pi_of_both'`),
    async () => changePayment(`payment_intent = 'pi_of_both'`, await addPaidPayment(db)),
  ],
  [
    'open_payments_have_a_session',
    'a payment to be open where nobody can pay it',
    async () => {
      await change('refunds', `status = 'failed', failure = 'declined'`, refundId);
      const unpaid = 'paid = 0, paid_currency = null, refunded_total = 0';
      await changePayment(`${unpaid}, status = 'open', session_url = 'https://checkout.example'`);
    },
    () => changePayment('session_url = null'),
  ],
  [
    'failures_have_a_reason',
    'a refund to fail for no reason',
    () => change('refunds', `status = 'failed', failure = 'declined'`, refundId),
    () => change('refunds', 'failure = null', refundId),
  ],
  [
    'settlements_are_accounted_for',
    'a refund to be settled by nobody',
    () => change('refunds', `status = 'settled', decided_by = id, decided_at = now(), note = 'in cash'`, refundId),
    () => change('refunds', 'decided_by = null', refundId),
  ],
  [
    'settlements_are_told',
    'a difference to be settled by somebody who does not say why',
    () => differ(`now(), 'by-a-person', gen_random_uuid(), 'ours'`),
    () => differ(`now(), 'by-a-person', gen_random_uuid(), null`),
  ],
  [
    'settlements_are_by_a_person',
    'a difference to be settled by somebody and repaired otherwise',
    () => differ(`now(), 'found-equal', null, null`),
    () => differ(`now(), 'found-equal', gen_random_uuid(), 'ours'`),
  ],
  [
    'open_orders_are_known',
    'an order to be open of which it is not known what it costs',
    async () => {
      await owe(`gen_random_uuid(), 'a@example.org', 'Night', '[]', 100, 'EUR', now(), null`);
      await owe('null, null, null, null, null, null, null, now()');
    },
    () => owe(`gen_random_uuid(), 'a@example.org', 'Night', '[]', null, 'EUR', now(), null`),
  ],
];

describe('the database forbids, whatever a program does,', () => {
  it.each(constraints.map(([name, what, right, wrong]) => ({ name, what, right, wrong })))(
    '$what ($name)',
    async ({ name, right, wrong }) => {
      await right();
      await expect(wrong()).rejects.toMatchObject({ constraint: name });
    },
  );
});
