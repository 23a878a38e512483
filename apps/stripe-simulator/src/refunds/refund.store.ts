import type { Transaction } from '@app/persistence';
import { objectId } from '../api/object-id.js';
import { noSuch } from '../api/stripe-error.js';
import { findRow, insertRow } from '../database/rows.js';
import { recordMovement } from '../ledger/ledger.module.js';
import type { ChargeRow } from '../payments/payments.module.js';
import type { RefundRow } from './refund.js';

/** @throws StripeError 404 */
export async function findRefund(transaction: Transaction, id: string): Promise<RefundRow> {
  const refund = await findRow<RefundRow>(transaction, 'refund', id);
  if (!refund) throw noSuch('refund', id);
  return refund;
}

/** The refund and its movement in the ledger. */
export async function addRefund(
  transaction: Transaction,
  { id: charge, payment_intent, currency }: ChargeRow,
  facts: Pick<RefundRow, 'amount' | 'metadata' | 'reason'>,
): Promise<RefundRow> {
  const id = objectId('re');
  const movement = await recordMovement(transaction, {
    amount: -facts.amount,
    currency,
    type: 'refund',
    source: id,
    description: `REFUND FOR CHARGE ${charge}`,
  });
  return insertRow<RefundRow>(transaction, 'refund', {
    id,
    status: 'succeeded',
    balance_transaction: movement.id,
    charge,
    payment_intent,
    currency,
    ...facts,
  });
}
