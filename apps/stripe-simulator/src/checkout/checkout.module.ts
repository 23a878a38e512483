import { Inject, Module } from '@nestjs/common';
import { Expander } from '../api/expander.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { CheckoutSessionStore } from './checkout-session.store.js';
import { CreateCheckoutSessionController } from './create-checkout-session/create-checkout-session.controller.js';
import { ExpireCheckoutSessionController } from './expire-checkout-session/expire-checkout-session.controller.js';
import { OverdueSessionsTimer } from './expire-checkout-session/overdue-sessions.timer.js';
import { HostedPageController } from './hosted-page/hosted-page.controller.js';
import { PageAddress } from './hosted-page/page-address.js';
import { PaymentAttempts } from './hosted-page/payment-attempts.js';
import { ReadCheckoutSessionsController } from './read-checkout-sessions/read-checkout-sessions.controller.js';

@Module({
  imports: [PaymentsModule, WebhooksModule],
  controllers: [
    CreateCheckoutSessionController,
    ReadCheckoutSessionsController,
    ExpireCheckoutSessionController,
    HostedPageController,
  ],
  providers: [CheckoutSessionStore, OverdueSessionsTimer, PageAddress, PaymentAttempts],
})
export class CheckoutModule {
  constructor(@Inject(Expander) expander: Expander, @Inject(CheckoutSessionStore) sessions: CheckoutSessionStore) {
    expander.register('checkout.session.line_items', async (transaction, id) => ({
      object: 'list',
      data: (await sessions.find(transaction, id)).line_items,
      has_more: false,
      url: `/v1/checkout/sessions/${id}/line_items`,
    }));
  }
}
