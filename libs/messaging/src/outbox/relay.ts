import type { Envelope } from '@app/contracts';
import { crashPoint, type Passing } from '@app/observability';
import { Database } from '@app/persistence';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { MESSAGE_PUBLISHER, type MessagePublisher } from '../message-publisher.js';
import { withTimeLimit } from '../time-limit.js';
import { Alarm } from './alarm.js';

/** Messages of one pass at most. */
export const BATCH = 500;
/**
 * Milliseconds between two passes that find less than a batch: a message after a quiet moment leaves at once, and a
 * steady stream costs 60 passes a second instead of one a message. In a rush, when a pass finds `many`, fewer and larger
 * ones are worth more than a moment: a pass with its broker's statements costs as much as carrying a hundred messages.
 */
const GATHER = { many: 10, usually: 15, inARush: 100 };
/** Milliseconds until rows are looked for that no wake-up announced: another process's, left behind by a crash. */
const POLL = 1_000;
/** Stays under the role's `idle_in_transaction_session_timeout` of 20 s. */
const PUBLISH_LIMIT = 6_000;
/** A broker that was away for long leaves a backlog that nobody counts at every scrape. */
export const MOST_COUNTED = 10_000;
const BACKOFF = { first: 250, longest: 5_000 };
const FLUSH_LIMIT = 4_000;
/** An outage of this many milliseconds is worth a line: at the very start the broker's connection is still being made. */
const TOLD_AFTER = 5_000;
const TOLD_AGAIN_AFTER = 30_000;

/**
 * Carries committed messages to the broker, at least once, about in the order of their ids.
 *
 * A pass claims rows with SKIP LOCKED and keeps its transaction open while it publishes, for `PUBLISH_LIMIT` at most:
 * locks end with their holder, so after a crash the next relay goes on at once, where a lease column would have to run
 * out and cost a second write per message. Nobody else wants these rows, and nothing is claimed while the broker is away.
 * Confirmed rows are deleted, not marked: the table stays as small as the backlog, and an empty outbox means that all is said.
 */
@Injectable()
export class Relay {
  private readonly log = new Logger(Relay.name);
  private readonly alarm = new Alarm();
  private running: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;
  private failures = 0;
  /** When the next line about an outage is due, in epoch milliseconds. */
  private tellAt: number | undefined;
  private told = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MESSAGE_PUBLISHER) private readonly publisher: MessagePublisher,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** There are new rows. */
  wake(): void {
    this.alarm.ring();
  }

  /** Sends what is left, if the broker answers, and lets go of it. What stays in the outbox is sent after the next start. */
  stop(): Promise<void> {
    return (this.stopping ??= this.flushAndClose());
  }

  /** Messages that wait, `MOST_COUNTED` at most, and for how many seconds the oldest has. */
  async backlog(): Promise<{ messages: number; oldestSeconds: number }> {
    const [row] = await this.database.asJob((transaction) =>
      transaction.query<{ messages: number; oldestSeconds: number }>(BACKLOG, [MOST_COUNTED]),
    );
    return row!;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const claimed = await this.pass().then(
        (count) => this.recovered(count),
        (error: Error) => this.failed(error),
      );
      if (this.failures > 0)
        await this.alarm.sleep(Math.min(BACKOFF.first * 2 ** this.failures, BACKOFF.longest), 'deaf');
      else if (claimed < BATCH) {
        if (claimed > 0) await this.alarm.sleep(claimed < GATHER.many ? GATHER.usually : GATHER.inARush, 'deaf');
        await this.alarm.sleep(POLL);
      }
    }
  }

  private async flushAndClose(): Promise<void> {
    this.alarm.end();
    await this.running;
    const until = Date.now() + FLUSH_LIMIT;
    const flush = async (): Promise<void> => {
      while (Date.now() < until && (await this.pass()) > 0);
    };
    await flush().catch((error: Error) =>
      this.log.warn(`Messages stay in the outbox until the next start: ${error.message}`),
    );
    await this.publisher.close();
  }

  /** One pass, as the loop makes them. @returns how many rows were claimed. @throws unless the broker confirmed them all. */
  async pass(): Promise<number> {
    if (!(await this.publisher.isUp())) throw new Error('the broker does not answer');
    const { rows, confirmed } = await this.database.asJob(async (transaction) => {
      const rows = await transaction.query<Row>(CLAIM, [BATCH], 'claim-outbox');
      if (rows.length === 0) return { rows, confirmed: 0 };
      crashPoint('relay/after-claim', () => rows.map(toPassing));
      const publishing = this.publisher.publishAll(rows.map(toEnvelope));
      const ids = await withTimeLimit(publishing, PUBLISH_LIMIT, 'publishing');
      crashPoint('relay/after-publish', () => rows.map(toPassing));
      await transaction.execute('delete from outbox where id = any($1)', [ids]);
      return { rows, confirmed: ids.length };
    });
    crashPoint('relay/after-mark', () => rows.map(toPassing));
    if (confirmed < rows.length) throw new Error(`the broker confirmed ${confirmed} of ${rows.length} messages`);
    return rows.length;
  }

  private recovered(claimed: number): number {
    if (this.told) this.log.log('Messages leave again.');
    this.failures = 0;
    this.tellAt = undefined;
    this.told = false;
    return claimed;
  }

  private failed(error: Error): number {
    this.failures += 1;
    this.tellAt ??= Date.now() + TOLD_AFTER;
    if (Date.now() < this.tellAt) return 0;
    this.log.warn(`Messages wait in the outbox: ${error.message}`);
    this.tellAt = Date.now() + TOLD_AGAIN_AFTER;
    this.told = true;
    return 0;
  }
}

interface Row {
  id: string;
  tenant_id: string;
  type: string;
  correlation_id: string;
  traceparent: string | null;
  data: unknown;
  created_at: Date;
}

// Ids are in the order of time: the first of the index is the oldest.
const BACKLOG = `
  select (select count(*)::int from (select from outbox limit $1) as counted) as messages,
    coalesce((select greatest(extract(epoch from now() - created_at), 0) from outbox order by id limit 1), 0)::float8 as "oldestSeconds"`;

const CLAIM = `
  select id, tenant_id, type, correlation_id, traceparent, data, created_at
  from outbox order by id limit $1 for update skip locked`;

const toPassing = ({ id, type }: Row): Passing => ({ what: type, id });

const toEnvelope = (row: Row): Envelope => ({
  id: row.id,
  type: row.type,
  tenantId: row.tenant_id,
  occurredAt: row.created_at.toISOString(),
  correlationId: row.correlation_id,
  ...(row.traceparent ? { traceparent: row.traceparent } : {}),
  data: row.data,
});
