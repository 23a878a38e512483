import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { API_VERSION } from '../api/api-version.js';
import { objectId } from '../api/object-id.js';
import { insertRow } from '../database/rows.js';
import { NO_REQUEST, type EventCause, type EventRow, type EventType } from './event.js';
import { DeliveryQueue } from './deliver/delivery.queue.js';
import { Misdelivery } from './misdeliver/misdelivery.js';

/** Writes down what happened, in the transaction in which it happens; the webhook goes out after the commit. */
@Injectable()
export class EventLog {
  constructor(
    @Inject(DeliveryQueue) private readonly deliveries: DeliveryQueue,
    @Inject(Misdelivery) private readonly misdelivery: Misdelivery,
  ) {}

  async record(
    transaction: Transaction,
    type: EventType,
    object: object,
    request: EventCause = NO_REQUEST,
  ): Promise<void> {
    const { id } = await insertRow<EventRow>(transaction, 'event', {
      id: objectId('evt'),
      type,
      api_version: API_VERSION,
      object,
      request,
    });
    await this.deliveries.add(transaction, id, this.misdelivery.fateOf(type));
  }
}
