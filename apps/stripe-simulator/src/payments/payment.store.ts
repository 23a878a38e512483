import type { Transaction } from '@app/persistence';
import { objectId } from '../api/object-id.js';
import { noSuch } from '../api/stripe-error.js';
import { findRow, insertRow, updateRow } from '../database/rows.js';
import { recordMovement } from '../ledger/ledger.module.js';
import type { ChargeRow } from './charge.js';
import type { PaymentFailure } from './payment-failure.js';
import { newPaymentIntent, type NewPaymentIntent, type PaymentIntentRow } from './payment-intent.js';

/** @throws StripeError 404; `param` is where the request named the id. */
export async function findPaymentIntent(
  transaction: Transaction,
  id: string,
  param = 'intent',
): Promise<PaymentIntentRow> {
  const intent = await findRow<PaymentIntentRow>(transaction, 'payment_intent', id);
  if (!intent) throw noSuch('payment_intent', id, param);
  return intent;
}

/** @throws StripeError 404 */
export async function findCharge(transaction: Transaction, id: string): Promise<ChargeRow> {
  const charge = await findRow<ChargeRow>(transaction, 'charge', id);
  if (!charge) throw noSuch('charge', id, 'charge');
  return charge;
}

/** The charge that brought the intent's money, if there is one; nobody else refunds it until the transaction ends. */
export async function lockSucceededCharge(transaction: Transaction, intent: string): Promise<ChargeRow | undefined> {
  const [charge] = await transaction.query<ChargeRow>(
    `select * from charge where payment_intent = $1 and status = 'succeeded' for no key update`,
    [intent],
  );
  return charge;
}

/** Negative when a refund failed and its money is there again. The table refuses to give back more than was paid. */
export const addRefunded = (transaction: Transaction, charge: ChargeRow, amount: number): Promise<ChargeRow> =>
  updateRow<ChargeRow>(transaction, 'charge', charge.id, { amount_refunded: charge.amount_refunded + amount });

export const openPaymentIntent = (transaction: Transaction, facts: NewPaymentIntent): Promise<PaymentIntentRow> =>
  insertRow<PaymentIntentRow>(transaction, 'payment_intent', newPaymentIntent(facts));

/** The money is there: one charge in full, one movement in the ledger. A second charge violates a constraint. */
export async function succeed(transaction: Transaction, intent: PaymentIntentRow): Promise<PaymentIntentRow> {
  const charge = await insertRow<ChargeRow>(transaction, 'charge', { ...chargeOf(intent), status: 'succeeded' });
  const movement = await recordMovement(transaction, {
    amount: charge.amount,
    currency: charge.currency,
    reporting_category: 'charge',
    source: charge.id,
    description: charge.description,
  });
  await updateRow<ChargeRow>(transaction, 'charge', charge.id, { balance_transaction: movement.id });
  return updateRow<PaymentIntentRow>(transaction, 'payment_intent', intent.id, {
    status: 'succeeded',
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
  });
}

/** An attempt that brought no money; the intent waits for another one. */
export async function refuse(
  transaction: Transaction,
  intent: PaymentIntentRow,
  failure: PaymentFailure,
): Promise<PaymentIntentRow> {
  const charge = await insertRow<ChargeRow>(transaction, 'charge', {
    ...chargeOf(intent),
    status: 'failed',
    failure_code: failure.code ?? null,
    failure_message: failure.message ?? null,
  });
  return updateRow<PaymentIntentRow>(transaction, 'payment_intent', intent.id, {
    status: 'requires_payment_method',
    last_payment_error: { ...failure, charge: charge.id },
    latest_charge: charge.id,
  });
}

const chargeOf = ({ id, amount, currency, description, receipt_email, metadata }: PaymentIntentRow) => ({
  id: objectId('ch'),
  payment_intent: id,
  amount,
  currency,
  description,
  receipt_email,
  metadata,
});
