import { requestContext } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import { inHalves } from './in-halves.js';
import type { Outcome } from './outcome.js';

export interface GroupCommitOptions {
  /** Jobs that share a transaction at most. */
  batchSize: number;
  /** Batches that run side by side at most: each of them holds a connection. */
  parallel: number;
  /** Batches of one key that run side by side at most; 1 unless given, which is what a row's lock allows anyway. */
  perKey?: number;
  /**
   * Jobs that wait at most, over all keys; further ones are refused, except of a key that has less than its share: a crowd
   * at one key keeps nobody else out. So twice as many at most.
   */
  waiting: number;
  /**
   * Milliseconds that a job should wait at most: while the first in a key's line has waited longer, further ones are
   * refused. So an overload costs those who come too late an instant, not everybody ever more time.
   */
  patience?: number;
}

interface Waiting<Job, Value> {
  job: Job;
  since: number;
  settle: (outcome: Outcome<Value>) => void;
}

interface Lane<Job, Value> {
  key: string;
  waiting: Waiting<Job, Value>[];
  running: number;
  isReady: boolean;
}

/**
 * Jobs of one key that arrive while a batch of it runs become the next batch, in the order of their arrival; what finds
 * nothing running starts when the event loop has heard all who arrived with it. So a commit is shared by all who wait
 * for it, and nobody waits for company.
 * Source of the idea: group commit, Gawlick 1985; PostgreSQL does it for the WAL, this does it for the row lock too.
 */
export class GroupCommit<Job, Value> {
  /** Keys with jobs or a running batch. */
  private readonly lanes = new Map<string, Lane<Job, Value>>();
  /** Lanes with jobs that may run another batch, the one that has waited longest first. */
  private readonly ready: Lane<Job, Value>[] = [];
  private running = 0;
  private scheduled: NodeJS.Immediate | undefined;
  private waiting = 0;

  /** @param work all jobs or none, with an outcome for each in their order; what it throws is looked for in halves */
  constructor(
    private readonly work: (key: string, jobs: readonly Job[]) => Promise<readonly Outcome<Value>[]>,
    private readonly options: GroupCommitOptions,
  ) {}

  /** @throws 503 when too many wait already; else what the job's outcome is */
  submit(key: string, job: Job): Promise<Value> {
    const now = performance.now();
    const { waiting, patience = Infinity } = this.options;
    const line = this.lanes.get(key)?.waiting ?? [];
    const hasItsShare = line.length >= waiting / Math.max(1, this.lanes.size);
    const isFull = (this.waiting >= waiting && hasItsShare) || this.waiting >= 2 * waiting;
    if (isFull || (line[0] && now - line[0].since > patience)) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome<Value>) =>
        'error' in outcome ? reject(outcome.error as Error) : resolve(outcome.value);
      this.waiting += 1;
      const lane = this.laneOf(key);
      lane.waiting.push({ job, since: now, settle });
      if (this.line(lane)) this.scheduled ??= setImmediate(() => this.startReady());
    });
  }

  private laneOf(key: string): Lane<Job, Value> {
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = { key, waiting: [], running: 0, isReady: false }));
    return lane;
  }

  /** Lines up a lane that may run another batch. @returns whether it is newly in line */
  private line(lane: Lane<Job, Value>): boolean {
    if (lane.isReady || lane.waiting.length === 0 || lane.running >= (this.options.perKey ?? 1)) return false;
    this.ready.push(lane);
    return (lane.isReady = true);
  }

  private startReady(): void {
    clearImmediate(this.scheduled);
    this.scheduled = undefined;
    while (this.running < this.options.parallel) {
      const lane = this.ready.shift();
      if (!lane) return;
      const batch = lane.waiting.splice(0, this.options.batchSize);
      this.waiting -= batch.length;
      this.running += 1;
      lane.running += 1;
      lane.isReady = false;
      this.line(lane);
      // A batch is the work of many: none of it belongs to the request that happened to start it.
      void requestContext.exit(() => this.run(lane, batch));
    }
  }

  private async run(lane: Lane<Job, Value>, batch: readonly Waiting<Job, Value>[]): Promise<void> {
    const outcomes = await inHalves(
      batch.map(({ job }) => job),
      (jobs) => this.work(lane.key, jobs),
    );
    this.running -= 1;
    lane.running -= 1;
    this.line(lane);
    if (lane.running === 0 && lane.waiting.length === 0) this.lanes.delete(lane.key);
    // The next batch is on its way before the members of this one are answered.
    this.startReady();
    for (const [index, { settle }] of batch.entries())
      settle(outcomes[index] ?? { error: new Error('The batch forgot one of its jobs.') });
  }
}

const tooMany = () =>
  new ProblemError('service-unavailable', 'More requests are waiting than can be served soon. Try again in a moment.');
