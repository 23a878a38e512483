import type { Envelope } from '@app/contracts';
import { nextTraceparent, requestContext } from '@app/observability';
import { Database } from '@app/persistence';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { MESSAGING_OPTIONS, type CheckedOptions } from '../messaging-options.js';
import { withTimeLimit } from '../time-limit.js';
import { afterFailure, type Outcome } from './outcome.js';
import { readMessage } from './read-message.js';

/** Milliseconds. A handler that outlives it is tried again; should it commit after all, the inbox absorbs the next try. */
const HANDLER_LIMIT = 25_000;
const DATABASE_PAUSE = 3_000;

/** What both transports do with a message; they differ only in how they carry out the outcome. */
@Injectable()
export class MessageConsumer {
  private readonly log = new Logger(MessageConsumer.name);

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MESSAGING_OPTIONS) private readonly options: CheckedOptions,
  ) {}

  /** Tries once; never throws. `failures` counts the failed tries before this one. */
  async consume(body: unknown, failures: number, handle: (message: Envelope) => Promise<void>): Promise<Outcome> {
    let message: Envelope;
    try {
      message = readMessage(this.options.service, body);
    } catch (error) {
      return this.dead(describe(body), failures, error);
    }
    const { correlationId } = message;
    const context = { requestId: message.id, correlationId, traceparent: nextTraceparent(message.traceparent) };
    return requestContext.run(context, () => this.tryOnce(message, failures, handle));
  }

  /** For a message that ended the process that worked on it, again and again. */
  givenUp(body: unknown, failures: number): Outcome {
    return this.dead(describe(body), failures, new Error('the process ended while working on it'));
  }

  private async tryOnce(
    message: Envelope,
    failures: number,
    handle: (message: Envelope) => Promise<void>,
  ): Promise<Outcome> {
    try {
      await withTimeLimit(this.inOneTransaction(message, handle), HANDLER_LIMIT, `handling ${message.type}`);
      return { kind: 'done' };
    } catch (error) {
      if (!(await this.database.isUp())) return this.withoutDatabase(failures, error as Error);
      const outcome = afterFailure(failures + 1, this.options.retryDelays, messageOf(error));
      if (outcome.kind === 'dead') return this.dead(describe(message), outcome.failures, error);
      this.log.warn(`${describe(message)} is tried again in ${outcome.afterSeconds} s`, error);
      return outcome;
    }
  }

  private async inOneTransaction(message: Envelope, handle: (message: Envelope) => Promise<void>): Promise<void> {
    await this.database.asTenant(message.tenantId, async (transaction) => {
      const first = await transaction.execute(
        'insert into inbox (consumer, message_id, tenant_id) values ($1, $2, $3) on conflict do nothing',
        [this.options.service, message.id, message.tenantId],
      );
      if (first > 0) await handle(message);
    });
  }

  /** An outage is nobody's fault: it counts no try, and the pause keeps a full queue from being run through in vain. */
  private async withoutDatabase(failures: number, error: Error): Promise<Outcome> {
    this.log.warn(`The database is away: ${error.message}`);
    await sleep(DATABASE_PAUSE);
    return { kind: 'retry', afterSeconds: this.options.retryDelays[0]!, failures, error: error.message };
  }

  private dead(what: string, failures: number, error: unknown): Outcome {
    this.log.error(`${what} is a dead letter after ${failures} failed tries`, error);
    return { kind: 'dead', failures, error: messageOf(error) };
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function describe(body: unknown): string {
  const { type, id } = (body ?? {}) as { type?: unknown; id?: unknown };
  return `Message ${String(type ?? '?')} ${String(id ?? '?')}`;
}
