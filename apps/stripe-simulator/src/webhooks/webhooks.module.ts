import { Module } from '@nestjs/common';
import { Courier } from './deliver/courier.js';
import { DeliveryQueue } from './deliver/delivery.queue.js';
import { WebhookSender } from './deliver/webhook-sender.js';
import { EventLog } from './event-log.js';
import { Misdelivery } from './misdeliver/misdelivery.js';
import { ReadEventsController } from './read-events/read-events.controller.js';
import { ResendWebhooks } from './resend/resend-webhooks.js';
import { TellDeliveries } from './tell-deliveries/tell-deliveries.js';

export type { EventCause } from './event.js';
export { EventLog } from './event-log.js';

@Module({
  controllers: [ReadEventsController],
  providers: [Courier, DeliveryQueue, EventLog, Misdelivery, ResendWebhooks, TellDeliveries, WebhookSender],
  exports: [EventLog],
})
export class WebhooksModule {}
