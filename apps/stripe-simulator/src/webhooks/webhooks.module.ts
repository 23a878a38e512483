import { Module } from '@nestjs/common';
import { Courier } from './deliver/courier.js';
import { DeliveryQueue } from './deliver/delivery.queue.js';
import { WebhookSender } from './deliver/webhook-sender.js';
import { EventLog } from './event-log.js';
import { ReadEventsController } from './read-events/read-events.controller.js';

export type { EventCause } from './event.js';
export { EventLog } from './event-log.js';

@Module({
  controllers: [ReadEventsController],
  providers: [Courier, DeliveryQueue, EventLog, WebhookSender],
  exports: [EventLog],
})
export class WebhooksModule {}
