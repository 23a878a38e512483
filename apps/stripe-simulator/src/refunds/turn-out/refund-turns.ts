import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { updateRow } from '../../database/rows.js';
import { recordMovement } from '../../ledger/ledger.module.js';
import { addRefunded, lockSucceededCharge, type ChargeRow } from '../../payments/payments.module.js';
import { EventLog } from '../../webhooks/webhooks.module.js';
import { refundObject, type RefundRow, type RefundTurn } from '../refund.js';

/** What becomes of a refund after it was answered: https://docs.stripe.com/refunds#failed-refunds */
@Injectable()
export class RefundTurns {
  constructor(@Inject(EventLog) private readonly events: EventLog) {}

  /** The refund must be locked. One that failed brings its money back. */
  async take(transaction: Transaction, refund: RefundRow, turn: RefundTurn): Promise<RefundRow> {
    const settled = { ...turn, turn: null, turns_at: null };
    if (turn.status === 'succeeded') return this.change(transaction, refund, settled);
    const failure_balance_transaction = await bringBack(transaction, refund);
    const failed = await this.change(transaction, refund, { ...settled, failure_balance_transaction });
    await this.events.record(transaction, 'refund.failed', refundObject(failed));
    return failed;
  }

  private async change(transaction: Transaction, { id }: RefundRow, changes: Partial<RefundRow>): Promise<RefundRow> {
    const changed = await updateRow<RefundRow>(transaction, 'refund', id, changes);
    await this.events.record(transaction, 'refund.updated', refundObject(changed));
    return changed;
  }
}

/** Its movement in the ledger; the charge can be refunded again by so much. */
async function bringBack(
  transaction: Transaction,
  { id, amount, currency, payment_intent }: RefundRow,
): Promise<string> {
  const charge = (await lockSucceededCharge(transaction, payment_intent)) as ChargeRow;
  await addRefunded(transaction, charge, -amount);
  const movement = await recordMovement(transaction, {
    amount,
    currency,
    reporting_category: 'refund_failure',
    source: id,
    description: `REFUND FAILURE FOR CHARGE ${charge.id}`,
  });
  return movement.id;
}
