import { Module } from '@nestjs/common';
import { IdempotencyModule } from '@app/idempotency';
import { DisputesModule } from '../disputes/disputes.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OrganizersModule } from '../organizers/organizers.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { StripeModule } from '../stripe/stripe.module.js';
import { ListRefundsController } from './list-refunds/list-refunds.controller.js';
import { ListRefundsHandler } from './list-refunds/list-refunds.js';
import { MadeByHandStore } from './made-by-hand.store.js';
import { LessenRefund } from './pay-refunds/lessen-refund.js';
import { PayRefunds } from './pay-refunds/pay-refunds.js';
import { RecordRefund } from './record-refund/record-refund.js';
import { RefundCases } from './refund-cases.js';
import { RefundProgress } from './refund-progress.js';
import { RefundStore } from './refund.store.js';
import { RequestRefundController } from './request-refund/request-refund.controller.js';
import { RequestRefund } from './request-refund/request-refund.js';
import { RetryRefundController } from './retry-refund/retry-refund.controller.js';
import { RetryRefundHandler } from './retry-refund/retry-refund.js';
import { SettleRefundController } from './settle-refund/settle-refund.controller.js';
import { SettleRefundHandler } from './settle-refund/settle-refund.js';

export { RecordRefund } from './record-refund/record-refund.js';

@Module({
  imports: [DisputesModule, IdempotencyModule, LedgerModule, OrganizersModule, PaymentsModule, StripeModule],
  controllers: [ListRefundsController, RequestRefundController, RetryRefundController, SettleRefundController],
  providers: [
    ListRefundsHandler,
    MadeByHandStore,
    LessenRefund,
    PayRefunds,
    RecordRefund,
    RefundCases,
    RefundProgress,
    RefundStore,
    RequestRefund,
    RetryRefundHandler,
    SettleRefundHandler,
  ],
  exports: [RecordRefund],
})
export class RefundsModule {}
