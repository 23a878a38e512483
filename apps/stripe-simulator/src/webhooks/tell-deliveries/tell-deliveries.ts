import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { DELIVERY_STATES, DeliveryQueue } from '../deliver/delivery.queue.js';

const Deliveries = z.strictObject({
  state: z.enum(DELIVERY_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
});

/** What became of the webhooks: how many are in which state, and the newest of them. */
@Injectable()
export class TellDeliveries {
  constructor(@Inject(AdminRoutes) routes: AdminRoutes, @Inject(DeliveryQueue) deliveries: DeliveryQueue) {
    routes.add('GET', '/webhooks', Deliveries, async ({ state, limit }) => ({
      counts: await deliveries.counts(),
      deliveries: await deliveries.newest(limit, state),
    }));
  }
}
