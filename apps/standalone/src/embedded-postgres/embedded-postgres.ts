import { existsSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isRunning } from '../processes/process-identity.js';
import { findBinaries } from './binaries.js';
import { initialise, OWNER } from './initialise.js';
import { place, type Placement } from './placement.js';
import { findPostmaster, startPostmaster, stopPostmaster, type Postmaster } from './postmaster.js';
import { whoRunsPostgres, type RunAs } from './run-as.js';

export interface EmbeddedPostgresOptions {
  /** Where the data lies, in a folder that exists. */
  folder: string;
  port: number;
  logFile: string;
  /** Of the owner; given to a new cluster, needed for an old one. */
  password: string;
  tell(level: 'info' | 'warn', message: string): void;
}

const WATCH = 200;
/** After a server was killed, its sessions need a moment to notice before another may have the data; in milliseconds. */
const SETTLE = 10_000;

/** One PostgreSQL on loopback, from the binaries of the npm package. While started, it is started again when it ends. */
export class EmbeddedPostgres {
  private running: Postmaster | undefined;
  private watch: NodeJS.Timeout | undefined;
  private starting: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly options: EmbeddedPostgresOptions) {}

  /** The port of a server that a killed launcher left running on this folder. */
  static portInUse(folder: string): number | undefined {
    return existsSync(folder) ? findPostmaster(realpathSync(folder))?.port : undefined;
  }

  /** Login of the owner to a database of this server. */
  url(database: string): string {
    return `postgres://${OWNER}:${encodeURIComponent(this.options.password)}@127.0.0.1:${this.options.port}/${database}`;
  }

  /** Adopts a healthy server that was left behind, else ends it and starts one. */
  start(): Promise<void> {
    return (this.starting = this.begin());
  }

  private async begin(): Promise<void> {
    const { folder, password, tell } = this.options;
    const user = whoRunsPostgres(folder);
    const placement = place(findBinaries(), folder, user, (message) => tell('info', message));
    await initialise(placement, folder, user, password);
    this.running = await this.adopt(placement.cluster);
    if (!this.running) this.running = await this.startPatiently(placement, user);
    this.watch = setInterval(() => void this.keepRunning(placement, user), WATCH);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.starting?.catch(() => undefined);
    clearInterval(this.watch);
    if (this.running && existsSync(this.options.folder))
      await stopPostmaster(realpathSync(this.options.folder), this.running);
    this.running = undefined;
  }

  private async adopt(cluster: string): Promise<Postmaster | undefined> {
    const left = findPostmaster(cluster);
    if (!left) return undefined;
    if (left.port === this.options.port && (await answers(left.port, this.options.password, cluster))) {
      this.options.tell('info', `adopted the database that the last run left (process ${left.pid}, port ${left.port})`);
      return left;
    }
    this.options.tell(
      'warn',
      `ending the database that the last run left (process ${left.pid}): it does not answer us`,
    );
    await stopPostmaster(cluster, left);
    return undefined;
  }

  private async startPatiently(placement: Placement, user: RunAs): Promise<Postmaster> {
    for (const end = Date.now() + SETTLE; ; await sleep(100)) {
      try {
        return await startPostmaster(placement, this.options.port, user, this.options.logFile);
      } catch (error) {
        if (!/still in use|lock file/.test(String(error)) || Date.now() > end || this.stopped) throw error;
      }
    }
  }

  private async keepRunning(placement: Placement, user: RunAs): Promise<void> {
    if (!this.running || isRunning(this.running.pid)) return;
    const { pid } = this.running;
    this.running = undefined;
    this.options.tell('warn', `the database (process ${pid}) ended; starting it again`);
    while (!this.stopped && !this.running) {
      try {
        this.running = await this.startPatiently(placement, user);
        this.options.tell('info', 'the database is back');
      } catch (error) {
        this.options.tell('warn', `the database does not start: ${(error as Error).message}`);
        await sleep(1_000);
      }
    }
    if (this.stopped) await this.stop();
  }
}

/** Whether it is this cluster's server, takes our password and is not on its way out. */
async function answers(port: number, password: string, cluster: string): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: OWNER,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === cluster;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
