import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { StripeModule } from '../stripe/stripe.module.js';
import { AskProvider } from './ask-provider/ask-provider.js';
import { RecheckStore } from './recheck.store.js';
import { RequestRecheckController } from './request-recheck/request-recheck.controller.js';

/** The provider is asked for an order's money because an organizer wants to know now. */
@Module({
  imports: [PaymentsModule, StripeModule],
  controllers: [RequestRecheckController],
  providers: [AskProvider, RecheckStore],
})
export class RechecksModule {}
