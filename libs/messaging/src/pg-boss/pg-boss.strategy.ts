import { Server } from '@nestjs/microservices';
import type { Job, JobResult, PgBoss } from 'pg-boss';
import { assertHandlers, callHandler } from '../consumption/handlers.js';
import type { MessageConsumer } from '../consumption/message-consumer.js';
import type { Outcome } from '../consumption/outcome.js';
import { HANDLERS_LIMIT, type MessageStrategy } from '../message-strategy.js';
import type { CheckedOptions } from '../messaging-options.js';
import type { Relay } from '../outbox/relay.js';
import { withTimeLimit } from '../time-limit.js';
import type { PgBossBroker } from './pg-boss-broker.js';
import { queueOf, type MessageJob } from './queues.js';

/** Two batches at a time, so that a slow message does not hold up the queue; as many messages in all as with RabbitMQ. */
const BATCHES = { localConcurrency: 2, batchSize: 50 };
const POLLING = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 1, burstWhenBatchFull: true };
/** Claims that ended with their process, as RabbitMQ's delivery limit. */
const LOST_CLAIMS = 20;

/** Nest's handlers on PostgreSQL queues. Delays and dead letters are pg-boss's; which of them, the shared consumer decides. */
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
    const options = { ...BATCHES, ...POLLING, perJobResults: true } as const;
    await boss.work<MessageJob, unknown, typeof options>(this.queue, options, (jobs) =>
      Promise.all(jobs.map((job) => this.settle(boss, job))),
    );
    this.boss = boss;
  }

  private async finish(): Promise<void> {
    this.stopping = true;
    const finished = this.boss?.offWork(this.queue, { wait: true }) ?? Promise.resolve();
    await withTimeLimit(finished, HANDLERS_LIMIT, 'handlers').catch((error: Error) => this.logger.warn(error.message));
    await this.relay.stop();
    await this.broker.stop();
  }

  private async settle(boss: PgBoss, job: Job<MessageJob>): Promise<JobResult> {
    // The rest of a batch goes back, so that a shutdown waits for running handlers only.
    if (this.stopping) return { id: job.id, status: 'failed', output: { error: 'the service stopped' } };
    const outcome = await this.tryOnce(job);
    if (outcome.kind === 'done') return { id: job.id, status: 'completed' };
    const output = { failures: outcome.failures, error: outcome.error };
    if (outcome.kind === 'dead') return { id: job.id, status: 'deadletter', output };
    await this.delay(boss, job, outcome).catch((error: Error) => this.logger.warn(`A delay is lost: ${error.message}`));
    // If the delay was written, pg-boss finds the job settled and leaves it alone.
    return { id: job.id, status: 'failed', output };
  }

  /** pg-boss's own delays are the same every time or random: it settles the job, then the job is told when to return. */
  private async delay(boss: PgBoss, job: Job<MessageJob>, outcome: Extract<Outcome, { kind: 'retry' }>): Promise<void> {
    const { failures, error, afterSeconds } = outcome;
    await boss.fail(this.queue, [job], { failures, error });
    const startAfter = new Date(Date.now() + afterSeconds * 1000);
    const { envelope } = job.data;
    await boss.update(this.queue, { envelope, failures, claims: job.retryCount + 1 }, { id: job.id, startAfter });
  }

  private tryOnce(job: Job<MessageJob>): Promise<Outcome> | Outcome {
    const { envelope } = job.data;
    const { failures, lost } = triesOf(job);
    if (lost > LOST_CLAIMS) return this.consumer.givenUp(envelope, failures);
    return this.consumer.consume(envelope, failures, (message) => callHandler(this, message));
  }
}

function triesOf({ retryCount, data }: Job<MessageJob>): { failures: number; lost: number } {
  const { failures = 0, claims = 0 } = data;
  // A replayed job brings its old figures, but is counted anew.
  return retryCount < claims ? { failures: 0, lost: retryCount } : { failures, lost: retryCount - claims };
}
