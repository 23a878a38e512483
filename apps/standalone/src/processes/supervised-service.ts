import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError, EX_CONFIG } from '@app/configuration';
import { ExpectedError } from '../expected-error.js';
import type { Log } from '../logs/log.js';
import { lastWords } from './last-words.js';
import type { ProcessRegister } from './process-register.js';
import { untilReady } from './readiness.js';
import type { Service } from './service.js';

/**
 * Milliseconds until one that had worked is started again, and one that had not; each time in a row it is twice as long.
 * One that works and then dies is back within 2 s however often that happens.
 */
const PAUSE_AFTER_WORK = { first: 50, longest: 800 };
const PAUSE_AFTER_FALSE_START = { first: 250, longest: 10_000 };
/** Having worked this long it begins a new row. */
const STEADY = 10_000;
/** One that never worked and ends this often cannot be helped by starting it again. */
const FALSE_STARTS = 5;
/**
 * Node's young generation (16 MB) is too small for hundreds of requests in flight: they outlive a few collections, each of
 * which copies them. With 32 MB the collector took 4 % of the gateway's time in a rush instead of 14 %.
 */
const HEAP = ['--max-semi-space-size=32'];
/** What a dead process said last may arrive after the news of its death. */
const LAST_WORDS = 200;

/** How one process ended. */
interface End {
  /** How long it worked in milliseconds, if ever. */
  worked: number | undefined;
  reason: string;
  /** Its complaint when it cannot use its environment: then no other will either. */
  misconfigured?: string;
}

/** Keeps one service running until it is told to stop: whenever its process ends, another one is started. */
export class SupervisedService {
  private child: ChildProcess | undefined;
  private stopping = false;
  private falseStarts = 0;
  private deathsInRow = 0;
  private everReady = false;
  private announce!: { ready: () => void; hopeless: (error: Error) => void };
  private giveUp!: (error: ConfigurationError) => void;
  /** Resolves when it cannot use its environment, at its start or at a later one, and so is not started again. */
  readonly misconfigured = new Promise<ConfigurationError>((giveUp) => (this.giveUp = giveUp));
  private readonly firstReady = new Promise<void>((ready, hopeless) => (this.announce = { ready, hopeless }));

  constructor(
    readonly service: Service,
    private readonly log: Log,
    private readonly register: ProcessRegister,
  ) {
    this.firstReady.catch(() => undefined);
  }

  /** Resolves when it works for the first time. @throws with its last words when it never gets that far */
  start(): Promise<void> {
    void this.keepRunning();
    return this.firstReady;
  }

  get isReady(): boolean {
    return this.everReady;
  }

  /** Asks it to stop; kills it when `deadline` (epoch milliseconds) has come. */
  async stop(deadline: number): Promise<void> {
    this.stopping = true;
    this.announce.hopeless(new Error(`${this.service.name} was stopped before it worked`));
    const { child } = this;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(
      () => {
        this.log.say('warn', `${this.service.name} did not stop in time and is killed`);
        child.kill('SIGKILL');
      },
      Math.max(0, deadline - Date.now()),
    );
    await ended;
    clearTimeout(timer);
  }

  private async keepRunning(): Promise<void> {
    while (!this.stopping) {
      const { worked, reason, misconfigured } = await this.runOnce();
      if (this.stopping) return;
      if (misconfigured !== undefined) {
        const error = new ConfigurationError(`${this.service.name}: ${misconfigured}`);
        this.announce.hopeless(error);
        return this.giveUp(error);
      }
      this.falseStarts = worked === undefined ? this.falseStarts + 1 : 0;
      this.deathsInRow = (worked ?? 0) > STEADY ? 0 : this.deathsInRow + 1;
      if (!this.everReady && this.falseStarts >= FALSE_STARTS) {
        return this.announce.hopeless(
          new ExpectedError(`${this.service.name} does not start; the last time it ${reason}`),
        );
      }
      const { first, longest } = worked === undefined ? PAUSE_AFTER_FALSE_START : PAUSE_AFTER_WORK;
      const pause = Math.min(longest, first * 2 ** Math.max(0, (this.falseStarts || this.deathsInRow) - 1));
      this.log.say('warn', `${this.service.name} ${reason} Starting it again in ${pause / 1000} s.`);
      await sleep(pause);
    }
  }

  /** From the start of one process to its end. */
  private async runOnce(): Promise<End> {
    const { name, entry, environment, readyUrl } = this.service;
    const since = Date.now();
    // In a process group of its own: Ctrl-C reaches the launcher alone, which stops all in order. No source maps: reading
    // nine hundred of them takes a tenth of a start, and the compiled code reads like the source.
    const child = fork(entry, { env: environment, silent: true, detached: true, execArgv: HEAP });
    this.child = child;
    const said = lastWords(child, (stream, chunk) => this.log.take(name, stream, chunk));
    const life = new AbortController();
    let readyAt: number | undefined;
    const failed = once(child, 'error', { signal: life.signal }).then(([error]) => ({
      reason: `could not be started: ${String(error)}.`,
    }));
    if (child.pid) this.register.note(name, child.pid);
    void untilReady(readyUrl, life.signal).then(
      () => {
        readyAt = Date.now();
        this.becameReady(readyAt - since);
      },
      () => undefined,
    );
    const ended = once(child, 'exit', { signal: life.signal }).then(async ([code, signal]) => {
      await Promise.race([once(child, 'close'), sleep(LAST_WORDS)]);
      const reason = `ended with ${signal ?? `code ${code}`}. ${said()}`.trim();
      return code === EX_CONFIG ? { reason, misconfigured: said() } : { reason };
    });
    const end = await Promise.race([ended, failed]);
    failed.catch(() => undefined);
    ended.catch(() => undefined);
    life.abort();
    return { worked: readyAt && Date.now() - readyAt, ...end };
  }

  private becameReady(after: number): void {
    if (this.everReady)
      this.log.say('info', `${this.service.name} is ready again after ${(after / 1000).toFixed(1)} s`);
    this.everReady = true;
    this.announce.ready();
  }
}

const hasEnded = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
