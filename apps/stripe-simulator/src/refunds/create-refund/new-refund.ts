import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { invalidRequest } from '../../api/stripe-error.js';
import { assertNotChargedBack } from '../../disputes/disputes.module.js';
import { addRefunded, chargeObject, findPaymentIntent, lockSucceededCharge } from '../../payments/payments.module.js';
import { EventLog, type EventCause } from '../../webhooks/webhooks.module.js';
import { refundObject } from '../refund.js';
import { addRefund } from '../refund.store.js';
import { RefundCourses } from '../turn-out/refund-courses.js';
import type { CreateRefund } from './create-refund.parameters.js';
import { refundableAmount } from './refundable-amount.js';

/** Gives money back, whoever wants it: a shop by its call, or a person in the dashboard. */
@Injectable()
export class NewRefund {
  constructor(
    @Inject(EventLog) private readonly events: EventLog,
    @Inject(RefundCourses) private readonly courses: RefundCourses,
  ) {}

  /** @throws StripeError 404 or 400 where there is no such money, or no more of it */
  async make(
    transaction: Transaction,
    wanted: Pick<CreateRefund, 'payment_intent' | 'amount' | 'reason' | 'metadata'>,
    cause?: EventCause,
  ): Promise<object> {
    const intent = await findPaymentIntent(transaction, wanted.payment_intent, 'payment_intent');
    const charge = await lockSucceededCharge(transaction, intent.id);
    if (!charge) throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
    await assertNotChargedBack(transaction, charge.id);
    const amount = refundableAmount(charge, wanted.amount);
    const { reason = null, metadata } = wanted;
    const course = this.courses.next();
    const refund = refundObject(await addRefund(transaction, charge, { amount, reason, metadata }, course));
    const refunded = chargeObject(await addRefunded(transaction, charge, amount));
    await this.events.record(transaction, 'refund.created', refund, cause);
    await this.events.record(transaction, 'charge.refunded', refunded, cause);
    return refund;
  }
}
