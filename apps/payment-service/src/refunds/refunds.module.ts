import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { StripeModule } from '../stripe/stripe.module.js';
import { PayRefunds } from './pay-refunds/pay-refunds.js';
import { RecordRefund } from './record-refund/record-refund.js';
import { RefundProgress } from './refund-progress.js';
import { RefundStore } from './refund.store.js';
import { RequestRefundController } from './request-refund/request-refund.controller.js';
import { RequestRefund } from './request-refund/request-refund.js';

export { RecordRefund } from './record-refund/record-refund.js';

@Module({
  imports: [LedgerModule, PaymentsModule, StripeModule],
  controllers: [RequestRefundController],
  providers: [PayRefunds, RecordRefund, RefundProgress, RefundStore, RequestRefund],
  exports: [RecordRefund],
})
export class RefundsModule {}
