import type { Transaction } from '@app/persistence';
import { objectId } from '../api/object-id.js';
import { noSuch } from '../api/stripe-error.js';
import { databaseClock } from '../database/clock.js';
import { findRow, insertRow } from '../database/rows.js';
import type { BalanceTransactionRow } from './balance-transaction.js';

type Movement = Pick<BalanceTransactionRow, 'amount' | 'currency' | 'description' | 'source' | 'type'>;

/** Seconds until charged money can be paid out. */
const SETTLEMENT = 7 * 24 * 3600;

/** One movement for each charge and refund: a second one for the same source violates a constraint. */
export async function recordMovement(transaction: Transaction, movement: Movement): Promise<BalanceTransactionRow> {
  const now = await databaseClock(transaction);
  return insertRow<BalanceTransactionRow>(transaction, 'balance_transaction', {
    id: objectId('txn'),
    available_on: movement.amount > 0 ? now + SETTLEMENT : now,
    ...movement,
  });
}

/** @throws StripeError 404 */
export async function findMovement(transaction: Transaction, id: string): Promise<BalanceTransactionRow> {
  const movement = await findRow<BalanceTransactionRow>(transaction, 'balance_transaction', id);
  if (!movement) throw noSuch('balance_transaction', id);
  return movement;
}
