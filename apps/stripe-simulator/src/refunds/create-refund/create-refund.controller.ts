import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { ThisApiCall, type ApiCall } from '../../api/api-call.js';
import { Expander } from '../../api/expander.js';
import { Parameters } from '../../api/parameters.js';
import { invalidRequest } from '../../api/stripe-error.js';
import { assertNotChargedBack } from '../../disputes/disputes.module.js';
import { IdempotentRequests } from '../../idempotency/idempotent-requests.js';
import { addRefunded, chargeObject, findPaymentIntent, lockSucceededCharge } from '../../payments/payments.module.js';
import { EventLog } from '../../webhooks/webhooks.module.js';
import { refundObject } from '../refund.js';
import { addRefund } from '../refund.store.js';
import { RefundCourses } from '../turn-out/refund-courses.js';
import { CreateRefund } from './create-refund.parameters.js';
import { refundableAmount } from './refundable-amount.js';

@Controller('v1/refunds')
export class CreateRefundController {
  constructor(
    @Inject(IdempotentRequests) private readonly requests: IdempotentRequests,
    @Inject(EventLog) private readonly events: EventLog,
    @Inject(Expander) private readonly expander: Expander,
    @Inject(RefundCourses) private readonly courses: RefundCourses,
  ) {}

  @Post()
  @HttpCode(200)
  create(@Body(new Parameters(CreateRefund)) parameters: CreateRefund, @ThisApiCall() call: ApiCall): Promise<object> {
    return this.requests.answer(call, async (transaction) => {
      const refund = await this.refund(transaction, parameters, call);
      return this.expander.expand(transaction, refund, parameters.expand);
    });
  }

  private async refund(transaction: Transaction, parameters: CreateRefund, call: ApiCall): Promise<object> {
    const intent = await findPaymentIntent(transaction, parameters.payment_intent, 'payment_intent');
    const charge = await lockSucceededCharge(transaction, intent.id);
    if (!charge) throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
    await assertNotChargedBack(transaction, charge.id);
    const amount = refundableAmount(charge, parameters.amount);
    const { reason = null, metadata } = parameters;
    const course = this.courses.next();
    const refund = refundObject(await addRefund(transaction, charge, { amount, reason, metadata }, course));
    const refunded = chargeObject(await addRefunded(transaction, charge, amount));
    const cause = { id: call.requestId, idempotency_key: call.idempotencyKey ?? null };
    await this.events.record(transaction, 'refund.created', refund, cause);
    await this.events.record(transaction, 'charge.refunded', refunded, cause);
    return refund;
  }
}
