import { Logger } from '@nestjs/common';
import type { Consumer, Envelope } from '@app/contracts';
import { crashPoint } from '@app/observability';
import type { Job, JobInsert, PgBoss } from 'pg-boss';
import type { FailedTry, Outcome } from '../consumption/outcome.js';
import { deadLettersOf, queueOf, type Bundle, type MessageJob } from './queues.js';

/** Claims that ended with their process, as RabbitMQ's delivery limit. */
const LOST_CLAIMS = 20;

type Retry = Extract<Outcome, { kind: 'retry' }>;
/** @param isGivenUp after too many claims that ended with their process: not to be tried once more */
type Try = (envelope: Envelope, failures: number, isGivenUp: boolean) => Promise<Outcome> | Outcome;

/**
 * What becomes of claimed jobs. Each is settled here and by its id: pg-boss's own way to settle each as it deserves
 * (`perJobResults`) reads through the whole queue for every batch, so a backlog would slow itself down.
 */
export class Settlement {
  private readonly log = new Logger('PgBoss');
  private readonly queue: string;

  constructor(
    private readonly boss: PgBoss,
    private readonly service: Consumer,
    private readonly tryOnce: Try,
  ) {
    this.queue = queueOf(service);
  }

  /** What is not settled when this throws pg-boss gives back, and what is settled it leaves alone. */
  async settleAll(jobs: readonly Job<Bundle | MessageJob>[]): Promise<void> {
    const settled = await Promise.all([
      ...jobs.filter(isBundle).map((bundle) => this.unpack(bundle)),
      ...jobs.filter(isAlone).map((job) => this.settle(job)),
    ]);
    await this.forget(settled.filter((job) => job !== undefined));
  }

  /** @returns the job if nothing is left to be done for it */
  private async settle(job: Job<MessageJob>): Promise<Job<MessageJob> | undefined> {
    const { failures, lost } = triesOf(job);
    const outcome = await this.tryOnce(job.data.envelope, failures, lost > LOST_CLAIMS);
    if (outcome.kind === 'retry') {
      await this.delay(job, outcome);
      return undefined;
    }
    if (outcome.kind === 'dead') await this.bury(job.id, job.data.envelope, outcome, job.retryCount + 1);
    return job;
  }

  /**
   * Messages that fail go on alone, and so do all of a bundle whose process ended or failed to settle it: it may be one of
   * them that ends processes. Those that had their effect are known to the inbox.
   */
  private async unpack(bundle: Job<Bundle>): Promise<Job<Bundle>> {
    const { envelopes } = bundle.data;
    const alone: JobInsert<MessageJob>[] = [];
    if (bundle.retryCount > 0) alone.push(...envelopes.map((envelope) => ({ id: envelope.id, data: { envelope } })));
    else
      await Promise.all(
        envelopes.map(async (envelope) => {
          const outcome = await this.tryOnce(envelope, 0, false);
          if (outcome.kind === 'dead') await this.bury(envelope.id, envelope, outcome, 1);
          if (outcome.kind === 'retry') alone.push(laterAlone(envelope, outcome));
        }),
      );
    if (alone.length > 0) await this.boss.insert(this.queue, alone);
    return bundle;
  }

  /** pg-boss's own delays are the same every time or random: it settles the job, then the job is told when to return. */
  private async delay(job: Job<MessageJob>, { failures, error, afterSeconds }: Retry): Promise<void> {
    await this.boss.fail(this.queue, [job], { failures, error });
    const startAfter = new Date(Date.now() + afterSeconds * 1000);
    const { envelope } = job.data;
    await this.boss.update(this.queue, { envelope, failures, claims: job.retryCount + 1 }, { id: job.id, startAfter });
  }

  /** Under its own id, so that it is buried once though the process may end before the job is gone. */
  private async bury(id: string, envelope: Envelope, { failures, error }: FailedTry, claims: number): Promise<void> {
    const letter: MessageJob = { envelope, failures, error, claims };
    await this.boss.insert(deadLettersOf(this.service), [{ id, data: letter }]);
  }

  /**
   * What is done is deleted, as RabbitMQ does it: the inbox remembers it. Marking jobs as completed, which pg-boss then
   * does to those that are still there, writes each once more with all its index entries.
   */
  private async forget(done: readonly Job<Bundle | MessageJob>[]): Promise<void> {
    if (done.length === 0) return;
    await this.boss
      .deleteJob(this.queue, [...done])
      .catch((error: Error) => this.log.warn(`Messages that are done stay for a while: ${error.message}`));
    crashPoint('consumer/after-acknowledgement', () => done.flatMap(envelopesOf).map(({ type }) => ({ what: type })));
  }
}

const envelopesOf = ({ data }: Job<Bundle | MessageJob>) => ('envelopes' in data ? data.envelopes : [data.envelope]);
const isBundle = (job: Job<Bundle | MessageJob>): job is Job<Bundle> => 'envelopes' in job.data;
const isAlone = (job: Job<Bundle | MessageJob>): job is Job<MessageJob> => !isBundle(job);

const laterAlone = (envelope: Envelope, { failures, error, afterSeconds }: Retry): JobInsert<MessageJob> => ({
  id: envelope.id,
  data: { envelope, failures, error },
  startAfter: new Date(Date.now() + afterSeconds * 1000),
});

function triesOf({ retryCount, data }: Job<MessageJob>): { failures: number; lost: number } {
  const { failures = 0, claims = 0 } = data;
  // A replayed job brings its old figures, but is counted anew.
  return retryCount < claims ? { failures: 0, lost: retryCount } : { failures, lost: retryCount - claims };
}
