import type { Transaction } from '@app/persistence';
import type Stripe from 'stripe';
import { objectId } from '../api/object-id.js';
import { noSuch } from '../api/stripe-error.js';
import { databaseClock } from '../database/clock.js';
import { findRow, insertRow } from '../database/rows.js';
import { balanceTransactionObject, typeOf, type BalanceTransactionRow } from './balance-transaction.js';

type Movement = Pick<BalanceTransactionRow, 'amount' | 'currency' | 'description' | 'reporting_category' | 'source'>;

/** Seconds until charged money can be paid out. */
const SETTLEMENT = 7 * 24 * 3600;

/** One movement for each thing that happens to money: a second one of the same source and category violates a constraint. */
export async function recordMovement(transaction: Transaction, movement: Movement): Promise<BalanceTransactionRow> {
  const now = await databaseClock(transaction);
  return insertRow<BalanceTransactionRow>(transaction, 'balance_transaction', {
    id: objectId('txn'),
    type: typeOf(movement.reporting_category),
    available_on: movement.reporting_category === 'charge' ? now + SETTLEMENT : now,
    ...movement,
  });
}

/** @throws StripeError 404 */
export async function findMovement(transaction: Transaction, id: string): Promise<BalanceTransactionRow> {
  const movement = await findRow<BalanceTransactionRow>(transaction, 'balance_transaction', id);
  if (!movement) throw noSuch('balance_transaction', id);
  return movement;
}

/** What this object moved, as Stripe shows it, oldest first. */
export async function movementsOf(transaction: Transaction, source: string): Promise<Stripe.BalanceTransaction[]> {
  const now = await databaseClock(transaction);
  const rows = await transaction.query<BalanceTransactionRow>(
    'select * from balance_transaction where source = $1 order by seq',
    [source],
  );
  return rows.map((row) => balanceTransactionObject(row, now));
}
