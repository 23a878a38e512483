import { Logger } from '@nestjs/common';
import { PgBoss, type ConstructorOptions } from 'pg-boss';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTimeLimit } from '../time-limit.js';

/** Milliseconds. */
const CONNECT_LIMIT = 3_000;
const ANSWER_LIMIT = 10_000;
const RETRY_START = 1_000;
const UP_LIMIT = 2_000;
const QUIET = 10_000;

/**
 * A queue fills and empties faster than PostgreSQL counts its rows: taking the next ones it would read and sort all that
 * wait, every time, where an index has them in order. What is ruled out bears a price at which PostgreSQL would compile
 * each statement (`jit`).
 */
const ALONG_THE_INDEX = '-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c jit=off';

/**
 * What every process sets. Supervision (silent workers, old jobs) is rows only and runs in every service: pg-boss lets
 * one of them do it per interval, so it goes on whichever of them is down. Schema and queues are the migration's.
 */
export function bossOptions(url: string, applicationName: string): ConstructorOptions {
  const pool = { query_timeout: ANSWER_LIMIT, keepAlive: true, options: ALONG_THE_INDEX };
  return {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_LIMIT,
    max: 4,
    migrate: false,
    schedule: false,
    // Rebuilding an index takes its owner; pg-boss still warns of bloat.
    reindex: false,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 60,
    ...pool,
  };
}

/** One pg-boss for the sending and the receiving half of a process. Starts whenever its database can be reached. */
export class PgBossBroker {
  private readonly log = new Logger('PgBoss');
  private boss: PgBoss | undefined;
  private starting: Promise<PgBoss> | undefined;
  private stopping = false;
  private complainedAt = 0;

  constructor(
    private readonly url: string,
    private readonly applicationName: string,
  ) {}

  /** Resolves when the broker has been reached; keeps trying until then. @throws when stopped before. */
  started(): Promise<PgBoss> {
    return (this.starting ??= this.start());
  }

  async isUp(): Promise<boolean> {
    if (!this.boss) {
      this.started().catch(() => undefined);
      return false;
    }
    const asked = this.boss.getDb().executeSql('select 1');
    return withTimeLimit(asked, UP_LIMIT, 'asking the broker').then(
      () => true,
      () => false,
    );
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.starting?.catch(() => undefined);
    await this.boss?.stop({ graceful: false });
  }

  private async start(): Promise<PgBoss> {
    while (!this.stopping) {
      const boss = new PgBoss(bossOptions(this.url, this.applicationName));
      boss.on('error', (error) => this.complain(error));
      boss.on('warning', ({ message, data }) => this.log.warn(message, data));
      try {
        await boss.start();
        return (this.boss = boss);
      } catch (error) {
        this.complain(error as Error);
        await boss.stop({ graceful: false }).catch(() => undefined);
        await sleep(RETRY_START);
      }
    }
    throw new Error('stopped before the broker could be reached');
  }

  /** Workers that poll in vain would fill the log. */
  private complain(error: Error): void {
    if (Date.now() - this.complainedAt < QUIET) return;
    this.complainedAt = Date.now();
    this.log.warn(`The broker's database: ${error.message}`);
  }
}
