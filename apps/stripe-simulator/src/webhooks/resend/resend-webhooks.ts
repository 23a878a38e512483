import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { Refusal } from '../../admin/refusal.js';
import { DeliveryQueue } from '../deliver/delivery.queue.js';

const Resend = z.strictObject({ events: z.array(z.string()).min(1).optional() });

/** Sends webhooks now: all that were dropped, or those of the named events, whatever became of them before. */
@Injectable()
export class ResendWebhooks {
  constructor(
    @Inject(AdminRoutes) routes: AdminRoutes,
    @Inject(DeliveryQueue) private readonly deliveries: DeliveryQueue,
  ) {
    routes.add('POST', '/webhooks/resend', Resend, ({ events }) => this.resend(events));
  }

  /** @throws Refusal 404 for an event that does not exist; nothing is sent then */
  private async resend(events: string[] | undefined): Promise<object> {
    if (!events) return { resent: await this.deliveries.sendDropped() };
    const unknown = await this.deliveries.unknownAmong(events);
    if (unknown.length > 0) throw new Refusal(404, `There is no event ${unknown.join(', ')}.`);
    return { resent: await this.deliveries.sendAgain(events) };
  }
}
