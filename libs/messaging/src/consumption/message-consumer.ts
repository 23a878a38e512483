import type { Envelope } from '@app/contracts';
import { GroupCommit, type Outcome as Handled } from '@app/grouping';
import { crashPoint, nextTraceparent, requestContext } from '@app/observability';
import { Database } from '@app/persistence';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { MESSAGING_OPTIONS, type CheckedOptions } from '../messaging-options.js';
import { withTimeLimit } from '../time-limit.js';
import type { Received } from './handlers.js';
import { afterFailure, type Outcome } from './outcome.js';
import { readMessage } from './read-message.js';

/** Milliseconds. A handler that outlives it is tried again; should it commit after all, the inbox absorbs the next try. */
const HANDLER_LIMIT = 25_000;
const DATABASE_PAUSE = 3_000;
/** Messages that share a transaction, transactions side by side, and messages that wait: more than the transports bring. */
const GROUPS = { batchSize: 200, parallel: 4, waiting: 10_000 };

/** Acts on all messages of a group, or throws. */
type Handle = (group: readonly [Received, ...Received[]]) => Promise<void>;

interface Attempt extends Received {
  handle: Handle;
  /** Called when its turn has come. */
  begin: () => void;
}

/**
 * What both transports do with a message; they differ only in how they carry out the outcome. Messages of one type and
 * tenant that wait at the same moment share a transaction and a call of their handler: one commit, and one statement, per
 * message would let a rush's backlog drain many times slower than it was made. Of a group that fails, each half is tried
 * on its own, so that only the culprit counts a failed try.
 */
@Injectable()
export class MessageConsumer {
  private readonly log = new Logger(MessageConsumer.name);
  private readonly groups = new GroupCommit<Attempt, void>(
    (_key, attempts) => this.inOneTransaction(attempts as [Attempt, ...Attempt[]]),
    GROUPS,
  );
  private isOutage = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MESSAGING_OPTIONS) private readonly options: CheckedOptions,
  ) {}

  /** Tries once; never throws. `failures` counts the failed tries before this one. */
  async consume(body: unknown, failures: number, handle: Handle): Promise<Outcome> {
    let message: Envelope;
    try {
      message = readMessage(this.options.service, body);
    } catch (error) {
      return this.dead(describe(body), failures, error);
    }
    const { correlationId } = message;
    const context = { requestId: message.id, correlationId, traceparent: nextTraceparent(message.traceparent) };
    return requestContext.run(context, () => this.tryOnce({ message, context }, handle, failures));
  }

  /** For a message that ended the process that worked on it, again and again. */
  givenUp(body: unknown, failures: number): Outcome {
    return this.dead(describe(body), failures, new Error('the process ended while working on it'));
  }

  private async tryOnce(received: Received, handle: Handle, failures: number): Promise<Outcome> {
    const { message } = received;
    try {
      let begin = () => {};
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const handled = this.groups.submit(`${message.type} ${message.tenantId}`, { ...received, handle, begin });
      // Behind many others it is not late: if it came again meanwhile, there would be still more of them.
      await Promise.race([begun, handled]);
      await withTimeLimit(handled, HANDLER_LIMIT, `handling ${message.type}`);
      this.outageIsOver();
      return { kind: 'done' };
    } catch (error) {
      if (isOfTheServer(error) || !(await this.database.isUp())) return this.withoutDatabase(failures, error as Error);
      const outcome = afterFailure(failures + 1, this.options.retryDelays, messageOf(error));
      if (outcome.kind === 'dead') return this.dead(describe(message), outcome.failures, error);
      this.log.warn(`${describe(message)} is tried again in ${outcome.afterSeconds} s`, error);
      return outcome;
    }
  }

  private async inOneTransaction(attempts: readonly [Attempt, ...Attempt[]]): Promise<Handled<void>[]> {
    const [{ message, handle }] = attempts;
    for (const { begin } of attempts) begin();
    const passing = () => attempts.map(({ message: { type, id } }) => ({ what: type, id }));
    crashPoint('consumer/before-transaction', passing);
    const isNew = await this.database.asTenant(message.tenantId, async (transaction) => {
      const ids = attempts.map((attempt) => attempt.message.id).sort();
      const fresh = await transaction.execute(
        'insert into inbox (consumer, message_id, tenant_id) select $1, id, $2 from unnest($3::uuid[]) as message (id) on conflict do nothing',
        [this.options.service, message.tenantId, ids],
      );
      // Which of them came before is found in halves: the login may add to the inbox, not read it.
      if (fresh > 0 && fresh < attempts.length) throw new Error('The group holds a message that came before.');
      if (fresh > 0) await handle(attempts);
      if (fresh > 0) crashPoint('consumer/after-handler', passing);
      return fresh > 0;
    });
    if (isNew) crashPoint('consumer/after-commit', passing);
    return attempts.map(() => ({ value: undefined }));
  }

  /** An outage is nobody's fault: it counts no try, and the pause keeps a full queue from being run through in vain. */
  private async withoutDatabase(failures: number, error: Error): Promise<Outcome> {
    if (!this.isOutage) this.log.warn(`Messages wait for the database: ${error.message}`);
    this.isOutage = true;
    await sleep(DATABASE_PAUSE);
    return { kind: 'retry', afterSeconds: this.options.retryDelays[0]!, failures, error: error.message };
  }

  private outageIsOver(): void {
    if (this.isOutage) this.log.log('Messages are handled again');
    this.isOutage = false;
  }

  private dead(what: string, failures: number, error: unknown): Outcome {
    this.log.error(`${what} is a dead letter after ${failures} failed tries`, error);
    return { kind: 'dead', failures, error: messageOf(error) };
  }
}

/**
 * The server answers and can do no work (SQLSTATE class 53: disk, memory or connections are used up), or it ended the
 * connection (08, 57P: somebody told it to, it stops, it crashed) and may be back at once.
 */
const isOfTheServer = (error: unknown) => /^(53|08|57P)/.test(String((error as { code?: unknown } | null)?.code ?? ''));

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function describe(body: unknown): string {
  const { type, id } = (body ?? {}) as { type?: unknown; id?: unknown };
  return `Message ${String(type ?? '?')} ${String(id ?? '?')}`;
}
