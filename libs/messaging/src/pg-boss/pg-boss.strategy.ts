import { Server } from '@nestjs/microservices';
import type { PgBoss } from 'pg-boss';
import { assertHandlers, callHandler } from '../consumption/handlers.js';
import type { MessageConsumer } from '../consumption/message-consumer.js';
import { HANDLERS_LIMIT, type MessageStrategy } from '../message-strategy.js';
import type { CheckedOptions } from '../messaging-options.js';
import type { Relay } from '../outbox/relay.js';
import { withTimeLimit } from '../time-limit.js';
import type { PgBossBroker } from './pg-boss-broker.js';
import { deadLettersOf, queueOf, type Bundle, type MessageJob } from './queues.js';
import { Settlement } from './settlement.js';

/** Two batches at a time, so that a slow message does not hold up the queue. A job may be a bundle of 50 messages. */
const BATCHES = { localConcurrency: 2, batchSize: 10 };
const POLLING = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 1, burstWhenBatchFull: true };

/** Nest's handlers on PostgreSQL queues. */
export class PgBossStrategy extends Server implements MessageStrategy {
  override readonly propagatesEventHandlerErrors = true;
  private boss: PgBoss | undefined;
  private stopping = false;
  private closing: Promise<void> | undefined;
  private readonly queue: string;

  constructor(
    private readonly broker: PgBossBroker,
    private readonly settings: CheckedOptions,
    private readonly consumer: MessageConsumer,
    private readonly relay: Relay,
  ) {
    super();
    this.queue = queueOf(settings.service);
  }

  /** Answers at once: a service starts, and serves HTTP, while the broker is away. */
  listen(callback: (error?: unknown) => void): void {
    try {
      assertHandlers(this.settings.service, this.getHandlers());
    } catch (error) {
      return callback(error);
    }
    this.take().catch((error: Error) => this.logger.warn(`No messages are taken: ${error.message}`));
    callback();
  }

  async isUp(): Promise<boolean> {
    return this.boss !== undefined && this.broker.isUp();
  }

  async deadLetters(): Promise<number> {
    if (!this.boss) throw new Error('the broker does not answer');
    const { rows } = await this.boss.getDb().executeSql(DEAD, [deadLettersOf(this.settings.service)]);
    return (rows[0] as { dead: number }).dead;
  }

  async stopTaking(): Promise<void> {
    this.stopping = true;
    await this.boss?.offWork(this.queue, { wait: false });
  }

  /** What still runs after the limit is tried again elsewhere. */
  close(): Promise<void> {
    return (this.closing ??= this.finish());
  }

  on(): never {
    throw new Error('This transport has no events.');
  }

  unwrap<T>(): T {
    return this.boss as T;
  }

  private async take(): Promise<void> {
    const boss = await this.broker.started();
    if (this.stopping) return;
    const settlement = new Settlement(boss, this.settings.service, (envelope, failures, isGivenUp) =>
      isGivenUp
        ? this.consumer.givenUp(envelope, failures)
        : this.consumer.consume(envelope, failures, (group) => callHandler(this, group)),
    );
    await boss.work<Bundle | MessageJob>(this.queue, { ...BATCHES, ...POLLING }, async (jobs) => {
      // So that a shutdown waits for running handlers only.
      if (this.stopping) throw new Error('the service stopped');
      await settlement.settleAll(jobs);
    });
    this.boss = boss;
  }

  private async finish(): Promise<void> {
    this.stopping = true;
    const finished = this.boss?.offWork(this.queue, { wait: true }) ?? Promise.resolve();
    await withTimeLimit(finished, HANDLERS_LIMIT, 'handlers').catch((error: Error) => this.logger.warn(error.message));
    await this.relay.stop();
    await this.broker.stop();
  }
}

/** A thousand stand for more: nobody counts rows at every scrape. */
const DEAD = `
  select count(*)::int as dead from (
    select from pgboss.job where name = $1 and state in ('created', 'retry', 'active') limit 1000) as counted`;
