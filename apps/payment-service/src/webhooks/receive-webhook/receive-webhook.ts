import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { CONFIG, type Config } from '../../config.js';
import { StripeGateway, storableText, type SignedEvent } from '../../stripe/stripe.module.js';
import { EventEffect } from '../event-effect.js';
import { readNews, type EventNews } from '../event-news.js';
import { WebhookEventStore } from '../webhook-event.store.js';

export class ReceiveWebhookCommand extends Command<void> {
  constructor(
    /** The bytes that were signed. */
    readonly body: Buffer,
    readonly signature: string,
  ) {
    super();
  }
}

/** Takes the provider's word: inbox row and effect commit together, so that each event has its effect once. */
@CommandHandler(ReceiveWebhookCommand)
export class ReceiveWebhookHandler implements ICommandHandler<ReceiveWebhookCommand> {
  private readonly log = new Logger('ReceiveWebhook');

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
    @Inject(WebhookEventStore) private readonly events: WebhookEventStore,
    @Inject(EventEffect) private readonly effect: EventEffect,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SecurityEvents) private readonly security: SecurityEvents,
  ) {}

  /** @throws ProblemError `bad-signature`, also for an event of the other mode or of another account; `malformed-body`. */
  async execute({ body, signature }: ReceiveWebhookCommand): Promise<void> {
    const event = this.stripe.readWebhook(body, signature);
    if (!event) throw this.refusal('signature');
    if (event.livemode !== this.config.stripe.livemode)
      throw this.refusal('other-mode', 'This event is of the other mode.');
    if (event.account !== null) throw this.refusal('other-account', 'This event is of another account.');
    if (!isNamed(event)) throw new ProblemError('malformed-body', '`id` and `type` of an event are text.');
    await this.take({ ...event, id: storableText(event.id), type: storableText(event.type) });
  }

  private refusal(reason: string, detail?: string): ProblemError {
    this.security.tell('webhook.signature-refused', { reason });
    return new ProblemError('bad-signature', detail);
  }

  private async take(event: SignedEvent): Promise<void> {
    const news = this.read(event);
    const payment = news && (await this.effect.locate(news));
    await this.database.asTenant(payment?.tenantId ?? PLATFORM_TENANT, async () => {
      if (!(await this.events.add(event))) return;
      const status = news ? await this.effect.apply(news, payment) : 'unmatched';
      if (status !== 'handled') await this.events.settle(event.id, status, event.object);
    });
  }

  private read({ id, type, object }: SignedEvent): EventNews | undefined {
    try {
      return readNews(type, object);
    } catch (error) {
      this.log.error('An event of the provider cannot be read; a person has to look at it', { id, type }, error);
      return undefined;
    }
  }
}

/** Only the library's types promise it. */
const isNamed = ({ id, type }: Record<'id' | 'type', unknown>) => typeof id === 'string' && typeof type === 'string';
