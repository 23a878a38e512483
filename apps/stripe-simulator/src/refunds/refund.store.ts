import type { Transaction } from '@app/persistence';
import { objectId } from '../api/object-id.js';
import { noSuch } from '../api/stripe-error.js';
import { databaseClock } from '../database/clock.js';
import { findRow, insertRow } from '../database/rows.js';
import { recordMovement } from '../ledger/ledger.module.js';
import type { ChargeRow } from '../payments/payments.module.js';
import type { RefundRow, RefundTurn } from './refund.js';

/** How a refund goes: as it begins, and what becomes of it after so many seconds. */
export interface RefundCourse {
  readonly status: 'pending' | 'succeeded';
  /** Null when it stays as it begins. */
  readonly turn: RefundTurn | null;
  readonly after: number;
}

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
  { status, turn, after }: RefundCourse,
): Promise<RefundRow> {
  const id = objectId('re');
  const movement = await recordMovement(transaction, {
    amount: -facts.amount,
    currency,
    reporting_category: 'refund',
    source: id,
    description: `REFUND FOR CHARGE ${charge}`,
  });
  return insertRow<RefundRow>(transaction, 'refund', {
    id,
    status,
    turn,
    turns_at: turn && (await databaseClock(transaction)) + after,
    balance_transaction: movement.id,
    charge,
    payment_intent,
    currency,
    ...facts,
  });
}
