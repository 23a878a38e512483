import { Module } from '@nestjs/common';
import { DisputesModule } from '../disputes/disputes.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { RefundsModule } from '../refunds/refunds.module.js';
import { StripeModule } from '../stripe/stripe.module.js';
import { EventEffect } from './event-effect.js';
import { ReceiveWebhookController } from './receive-webhook/receive-webhook.controller.js';
import { ReceiveWebhookHandler } from './receive-webhook/receive-webhook.js';
import { RetryWebhooks } from './retry-webhooks/retry-webhooks.js';
import { WebhookEventStore } from './webhook-event.store.js';

export { EventEffect, type LocatedPayment } from './event-effect.js';
export type { EventNews } from './event-news.js';

@Module({
  imports: [DisputesModule, PaymentsModule, RefundsModule, StripeModule],
  controllers: [ReceiveWebhookController],
  providers: [EventEffect, ReceiveWebhookHandler, RetryWebhooks, WebhookEventStore],
  exports: [EventEffect],
})
export class WebhooksModule {}
