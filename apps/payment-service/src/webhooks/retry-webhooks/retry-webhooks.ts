import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PLATFORM_TENANT } from '@app/contracts';
import { Database, OneAtATime } from '@app/persistence';
import { StripeGateway } from '../../stripe/stripe.module.js';
import { EventEffect } from '../event-effect.js';
import { PURSUED_TYPES, readNews } from '../event-news.js';
import { WebhookEventStore, type EventStatus, type WaitingEvent } from '../webhook-event.store.js';

const EVERY = 1_000;
const HOUR = 3_600_000;
const AT_ONCE = 10;

/** Comes back to events that nothing of ours fitted when they came (hard case 3), and forgets old ones. */
@Injectable()
export class RetryWebhooks implements BeforeApplicationShutdown {
  private readonly log = new Logger(RetryWebhooks.name);
  private readonly work = new OneAtATime(() => this.pass(), this.log);

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(WebhookEventStore) private readonly events: WebhookEventStore,
    @Inject(EventEffect) private readonly effect: EventEffect,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.work.wake();
  }

  @Interval(HOUR)
  async forget(): Promise<void> {
    await this.database.asJob((transaction) => this.events.forgetOld(transaction));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.work.stop();
  }

  private async pass(): Promise<boolean> {
    const room = this.stripe.room(AT_ONCE);
    const limit = room || AT_ONCE;
    // While the provider is away, what it would be asked for waits; the rest goes on.
    const which = { limit, exceptTypes: room === 0 ? PURSUED_TYPES : [] };
    const waiting = await this.database.asJob((transaction) => this.events.claimWaiting(transaction, which));
    for (const event of waiting) await this.retry(event).catch((error: unknown) => this.postponed(event, error));
    return waiting.length === limit;
  }

  private async retry(event: WaitingEvent): Promise<void> {
    const all = await this.effect.pursue(readNews(event.type, event.object));
    const [first] = all;
    // All news of one event concern one payment.
    const payment = first && (await this.effect.locate(first));
    await this.database.asTenant(payment?.tenantId ?? PLATFORM_TENANT, async () => {
      if (!(await this.events.lockWaiting(event.id))) return;
      const statuses: EventStatus[] = [];
      for (const news of all) statuses.push(await this.effect.apply(news, payment));
      await this.settle(event, statuses.find((status) => status !== 'handled') ?? 'handled');
    });
  }

  private async settle(event: WaitingEvent, status: EventStatus): Promise<void> {
    if (status === 'waiting' && !event.isOverdue) return;
    if (status === 'waiting')
      this.log.error('An event of the provider fits nothing of ours; a person has to look at it', {
        id: event.id,
        type: event.type,
      });
    await this.events.settle(event.id, status === 'waiting' ? 'unmatched' : status, event.object);
  }

  private postponed({ id, type }: WaitingEvent, error: unknown): void {
    this.log.warn('An event of the provider is tried again', { id, type }, error);
  }
}
