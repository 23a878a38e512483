import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { Refusal } from '../../admin/refusal.js';
import { objectId } from '../../api/object-id.js';
import { AccountDatabase } from '../../database/account-database.js';
import { databaseClock } from '../../database/clock.js';
import { insertRow, updateRow } from '../../database/rows.js';
import { findCharge, findPaymentIntent, lockSucceededCharge, type ChargeRow } from '../../payments/payments.module.js';
import { EventLog } from '../../webhooks/webhooks.module.js';
import { DISPUTE_REASONS, type DisputeRow } from '../dispute.js';
import { showDispute, withdrawFunds } from '../dispute.store.js';

const OpenDisputeOrder = z
  .strictObject({
    charge: z.string().optional(),
    paymentIntent: z.string().optional(),
    /** In the smallest unit; without it, what was not refunded yet. */
    amount: z.int().min(1).optional(),
    reason: z.enum(DISPUTE_REASONS).default('fraudulent'),
  })
  .refine(({ charge, paymentIntent }) => (charge === undefined) !== (paymentIntent === undefined), {
    message: 'Name what is disputed: either charge or paymentIntent.',
  });
type OpenDisputeOrder = z.infer<typeof OpenDisputeOrder>;

/** Seconds that a shop has to answer. */
const TIME_TO_ANSWER = 7 * 24 * 3600;

/** A buyer has asked the bank for the money, and the bank takes it: https://docs.stripe.com/disputes/how-disputes-work */
@Injectable()
export class OpenDispute {
  constructor(
    @Inject(AdminRoutes) routes: AdminRoutes,
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(EventLog) private readonly events: EventLog,
  ) {
    routes.add('POST', '/disputes', OpenDisputeOrder, (order) =>
      this.database.transaction((transaction) => this.open(transaction, order)),
    );
  }

  /** @throws StripeError 404, or Refusal 409 where there is no such money, or the charge was disputed before */
  private async open(transaction: Transaction, order: OpenDisputeOrder): Promise<object> {
    const charge = await lockDisputable(transaction, order);
    const amount = order.amount ?? charge.amount - charge.amount_refunded;
    if (amount === 0) throw new Refusal(409, `Charge ${charge.id} was refunded: name the amount that is disputed.`);
    if (amount > charge.amount) throw new Refusal(409, `Charge ${charge.id} was about ${charge.amount} only.`);
    await updateRow<ChargeRow>(transaction, 'charge', charge.id, { disputed: true });
    const dispute = await insertRow<DisputeRow>(transaction, 'dispute', {
      id: objectId('du'),
      amount,
      currency: charge.currency,
      charge: charge.id,
      payment_intent: charge.payment_intent,
      reason: order.reason,
      due_by: (await databaseClock(transaction)) + TIME_TO_ANSWER,
    });
    await this.events.record(transaction, 'charge.dispute.created', await showDispute(transaction, dispute));
    await withdrawFunds(transaction, dispute);
    const withdrawn = await showDispute(transaction, dispute);
    await this.events.record(transaction, 'charge.dispute.funds_withdrawn', withdrawn);
    return withdrawn;
  }
}

async function lockDisputable(transaction: Transaction, order: OpenDisputeOrder): Promise<ChargeRow> {
  const intent = order.paymentIntent
    ? (await findPaymentIntent(transaction, order.paymentIntent)).id
    : (await findCharge(transaction, order.charge as string)).payment_intent;
  const charge = await lockSucceededCharge(transaction, intent);
  if (!charge || (order.charge && order.charge !== charge.id)) {
    throw new Refusal(409, `${order.charge ?? intent} brought no money: there is nothing to dispute.`);
  }
  if (charge.disputed) throw new Refusal(409, `Charge ${charge.id} has been disputed already.`);
  return charge;
}
