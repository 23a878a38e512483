import type { Transaction } from '@app/persistence';
import type Stripe from 'stripe';
import { invalidRequest, noSuch } from '../api/stripe-error.js';
import { findRow } from '../database/rows.js';
import { movementsOf, recordMovement } from '../ledger/ledger.module.js';
import { disputeObject, type DisputeRow } from './dispute.js';

/** @throws StripeError 404 */
export async function findDispute(
  transaction: Transaction,
  id: string,
  lock = { forUpdate: false },
): Promise<DisputeRow> {
  const dispute = await findRow<DisputeRow>(transaction, 'dispute', id, lock);
  if (!dispute) throw noSuch('dispute', id);
  return dispute;
}

export const showDispute = async (transaction: Transaction, dispute: DisputeRow): Promise<Stripe.Dispute> =>
  disputeObject(dispute, await movementsOf(transaction, dispute.id));

/** The bank takes the money. */
export const withdrawFunds = (transaction: Transaction, { id, amount, currency, charge }: DisputeRow) =>
  recordMovement(transaction, {
    amount: -amount,
    currency,
    reporting_category: 'dispute',
    source: id,
    description: `Chargeback withdrawal for ${charge}`,
  });

/** The bank gives it back. */
export const reinstateFunds = (transaction: Transaction, { id, amount, currency, charge }: DisputeRow) =>
  recordMovement(transaction, {
    amount,
    currency,
    reporting_category: 'dispute_reversal',
    source: id,
    description: `Chargeback reversal for ${charge}`,
  });

/** @throws StripeError 400 `charge_disputed`: its buyer has the money already, unless the dispute was won */
export async function assertNotChargedBack(transaction: Transaction, charge: string): Promise<void> {
  const [dispute] = await transaction.query(`select from dispute where charge = $1 and status <> 'won'`, [charge]);
  if (!dispute) return;
  const message = `Charge ${charge} has been charged back; cannot issue a refund.`;
  throw invalidRequest(message, { code: 'charge_disputed' });
}
