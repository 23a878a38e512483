import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { InboxRetention } from './consumption/inbox-retention.js';
import { MESSAGE_PUBLISHER, type MessagePublisher } from './message-publisher.js';
import { MESSAGE_STRATEGY, type MessageStrategy } from './message-strategy.js';
import { Relay } from './outbox/relay.js';

/**
 * A service's messaging as a whole: starts it, ends it in order, and tells how it is.
 *
 * The end: no more messages are taken (at once), requests and handlers finish, the outbox is flushed, the broker is let
 * go of. Nest closes HTTP before the transports and the database after them, so the order falls out of its hooks.
 */
@Injectable()
export class Messaging implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    @Inject(MESSAGE_STRATEGY) private readonly strategy: MessageStrategy,
    @Inject(MESSAGE_PUBLISHER) private readonly publisher: MessagePublisher,
    @Inject(Relay) private readonly relay: Relay,
    @Inject(InboxRetention) private readonly retention: InboxRetention,
  ) {}

  /** Whether messages can be sent and are being taken. False while the broker is away: they wait in the outbox. */
  async isUp(): Promise<boolean> {
    const [sending, taking] = await Promise.all([this.publisher.isUp(), this.strategy.isUp()]);
    return sending && taking;
  }

  /** Messages of this service's outbox that no broker has confirmed yet (10,000 stand for more), and the age of the oldest in seconds. */
  backlog(): Promise<{ messages: number; oldestSeconds: number }> {
    return this.relay.backlog();
  }

  onApplicationBootstrap(): void {
    this.relay.start();
    this.retention.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.retention.stop();
    await this.strategy.stopTaking();
  }

  /** For an application that never connected the transport; otherwise Nest has closed it by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.strategy.close();
  }
}
