import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OrganizersModule } from '../organizers/organizers.module.js';
import { StripeModule } from '../stripe/stripe.module.js';
import { CloseOrderController } from './close-order/close-order.controller.js';
import { CloseSessions } from './close-sessions/close-sessions.js';
import { FollowHoldController } from './follow-hold/follow-hold.controller.js';
import { GetPaymentController } from './get-payment/get-payment.controller.js';
import { GetPaymentHandler } from './get-payment/get-payment.js';
import { NewPayments } from './open-checkout/new-payments.js';
import { OpenCheckoutController } from './open-checkout/open-checkout.controller.js';
import { OpenCheckoutHandler } from './open-checkout/open-checkout.js';
import { PayableOrders } from './open-checkout/payable-orders.js';
import { PendingOrders } from './open-checkout/pending-orders.js';
import { UnavailableNotice } from './open-checkout/unavailable-notice.js';
import { OwedOrderStore } from './owed-order.store.js';
import { PaymentAccountStore } from './payment-account.store.js';
import { PaymentProgress } from './payment-progress.js';
import { PaymentStore } from './payment.store.js';
import { RecordOrderController } from './record-order/record-order.controller.js';
import { ReturnFromCheckoutController } from './return-from-checkout/return-from-checkout.controller.js';
import { StandingPages } from './return-from-checkout/standing-pages.js';

export type { PaymentFact } from './payment.js';
export { PaymentProgress } from './payment-progress.js';
export type { Payment } from './payment-row.js';
export { PaymentStore } from './payment.store.js';

@Module({
  imports: [LedgerModule, OrganizersModule, StripeModule],
  controllers: [
    CloseOrderController,
    FollowHoldController,
    GetPaymentController,
    OpenCheckoutController,
    RecordOrderController,
    ReturnFromCheckoutController,
  ],
  providers: [
    CloseSessions,
    GetPaymentHandler,
    NewPayments,
    OpenCheckoutHandler,
    OwedOrderStore,
    PayableOrders,
    PendingOrders,
    PaymentAccountStore,
    PaymentProgress,
    PaymentStore,
    StandingPages,
    UnavailableNotice,
  ],
  exports: [PaymentProgress, PaymentStore],
})
export class PaymentsModule {}
