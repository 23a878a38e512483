import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import type { EventType } from '../event.js';

const seconds = z
  .number()
  .min(0)
  .max(7 * 24 * 3600);

/** What happens to the webhooks of events that are yet to come. Without any of these they are delivered once and at once. */
const MisdeliverySettings = z.strictObject({
  /** Each is sent so many times, all at the same moment. */
  copies: z.int().min(1).max(100).default(1),
  /** Each is sent so much later. */
  delaySeconds: seconds.default(0),
  /** Each is sent at a moment by chance within so much time, so that those of a batch change places. */
  shuffleSeconds: seconds.default(0),
  /** They are not sent, unless somebody has them sent again. */
  drop: z.boolean().default(false),
  /** Only events of these types, or of any. */
  types: z.array(z.string().regex(/^[a-z_.]+$/, 'must be a type of event, as checkout.session.completed')).optional(),
});
type MisdeliverySettings = z.infer<typeof MisdeliverySettings>;

/** What is decided for one event when it happens; `delay` in seconds. */
export interface DeliveryFate {
  readonly state: 'dropped' | 'pending';
  readonly copies: number;
  readonly delay: number;
}

const GOOD = MisdeliverySettings.parse({});

/** Decides how the webhook of an event goes astray. A fate is kept with the delivery and outlives these settings. */
@Injectable()
export class Misdelivery {
  private settings: MisdeliverySettings = GOOD;

  constructor(@Inject(AdminRoutes) routes: AdminRoutes) {
    routes.add('PUT', '/webhooks', MisdeliverySettings, (settings) => (this.settings = settings));
    routes.addSwitch('webhooks', { now: () => this.settings, reset: () => void (this.settings = GOOD) });
  }

  fateOf(type: EventType): DeliveryFate {
    const { types } = this.settings;
    const { copies, delaySeconds, shuffleSeconds, drop } = types && !types.includes(type) ? GOOD : this.settings;
    return { state: drop ? 'dropped' : 'pending', copies, delay: delaySeconds + Math.random() * shuffleSeconds };
  }
}
