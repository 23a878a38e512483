import { Inject, Module } from '@nestjs/common';
import { Expander } from '../api/expander.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { CreateRefundController } from './create-refund/create-refund.controller.js';
import { NewRefund } from './create-refund/new-refund.js';
import { ReadRefundsController } from './read-refunds/read-refunds.controller.js';
import { refundObject } from './refund.js';
import { RefundByHand } from './refund-by-hand/refund-by-hand.js';
import { findRefund } from './refund.store.js';
import { FailRefund } from './turn-out/fail-refund.js';
import { RefundCourses } from './turn-out/refund-courses.js';
import { RefundTurns } from './turn-out/refund-turns.js';
import { RefundTurnsTimer } from './turn-out/refund-turns.timer.js';

@Module({
  imports: [WebhooksModule],
  controllers: [CreateRefundController, ReadRefundsController],
  providers: [FailRefund, NewRefund, RefundByHand, RefundCourses, RefundTurns, RefundTurnsTimer],
})
export class RefundsModule {
  constructor(@Inject(Expander) expander: Expander) {
    expander.register('re', async (transaction, id) => refundObject(await findRefund(transaction, id)));
  }
}
