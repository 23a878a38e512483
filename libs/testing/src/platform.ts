import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peersOfThisRun, throughCables, type Cables, type Peers } from './peers.js';

/** The whole constellation as a user gets it: the entry file of `npm start`, its processes and its ports. */
export interface Platform {
  /** The gateway's address. */
  url: string;
  dataDirectory: string;
  /** `/api/v1` of the gateway. */
  api: string;
  addresses: PlatformAddresses;
  /** If they were asked for and the servers are real ones. */
  cables: Cables | undefined;
  /** The process of a service; undefined while there is none. */
  pidOf(service: string): Promise<number | undefined>;
  /** Forgets all that this platform keeps in Redis, as a flush does; without a Redis there is nothing to forget. */
  flushRedis(): Promise<void>;
  /** `kill -9` of one service; the supervisor brings it back. */
  kill(service: string): Promise<void>;
  /** Stops in order; the state stays. */
  stop(): Promise<void>;
  /** Ends everything at once, as a power cut would. */
  crash(): Promise<void>;
  /** Starts again on the same state. */
  start(): Promise<void>;
  /** Stops and removes all state. */
  remove(): Promise<void>;
}

export interface PlatformAddresses {
  gateway: string;
  simulator: string;
  /** Where the simulator is told to misbehave: docs/simulator.md. */
  simulatorAdmin: string;
  mailbox: string;
}

export interface PlatformOptions {
  /** Settings of `api.md`, such as ORDER_HOLD_SECONDS. */
  environment?: Record<string, string>;
  /** Whether the demo organisation is seeded; not by default. */
  seed?: boolean;
  /** Whether real servers are reached through cables; not by default. */
  cables?: boolean;
}

const START_LIMIT = 90_000;
const STOP_LIMIT = 40_000;
/** A service that was killed before may be on its way back. */
const RESTART_LIMIT = 10_000;
/** What a user gets. */
const ENTRY = join(process.cwd(), 'dist/programs/standalone/main.js');

/** Starts a platform of its own, on the peers of this run: embedded ones, or the real services of `npm run test:services`. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'ticketing-platform-'));
  const label = `t_${randomBytes(4).toString('hex')}`;
  const direct = peersOfThisRun(label);
  const { peers, cables } = options.cables ? await throughCables(direct) : { peers: direct, cables: undefined };
  const environment = {
    ...options.environment,
    DATA_DIR: dataDirectory,
    PORT: '0',
    SEED: options.seed ? 'on' : 'off',
    LOG_FORMAT: 'json',
    ...peers.environment,
  };
  const running = new RunningPlatform(dataDirectory, peers, environment, cables);
  await running.start().catch(async (error: unknown) => {
    await running.remove();
    throw error;
  });
  return running;
}

class RunningPlatform implements Platform {
  addresses!: PlatformAddresses;
  private child: ChildProcess | undefined;

  constructor(
    readonly dataDirectory: string,
    private readonly peers: Peers,
    private readonly environment: Record<string, string>,
    readonly cables: Cables | undefined,
  ) {}

  get url(): string {
    return this.addresses.gateway;
  }

  get api(): string {
    return `${this.addresses.gateway}/api/v1`;
  }

  async start(): Promise<void> {
    const output = createWriteStream(join(this.dataDirectory, 'platform.log'), { flags: 'a' });
    const child = fork(ENTRY, {
      env: { ...inheritable(), ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    child.stdout?.pipe(output, { end: false });
    child.stderr?.pipe(output, { end: false });
    this.addresses = await new Promise<PlatformAddresses>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The platform was not ready in ${START_LIMIT} ms.`)), START_LIMIT);
      child.on('message', (message: { ready?: PlatformAddresses }) => {
        if (!message.ready) return;
        clearTimeout(late);
        resolve(message.ready);
      });
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        reject(new Error(`The platform ended with ${code ?? signal} before it was ready.`));
      });
    }).catch(async (error: Error) => {
      child.kill('SIGKILL');
      throw new Error(
        `${error.message}\n${(await readFile(join(this.dataDirectory, 'platform.log'), 'utf8')).slice(-4_000)}`,
      );
    });
  }

  async kill(service: string): Promise<void> {
    for (const end = Date.now() + RESTART_LIMIT; ; await sleep(50)) {
      const pid = await this.pidOf(service);
      if (pid && kill(pid)) return;
      if (Date.now() > end) throw new Error(`No process of ${service} runs.`);
    }
  }

  flushRedis(): Promise<void> {
    return this.peers.flushRedis();
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  async crash(): Promise<void> {
    await this.end('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDirectory, { recursive: true, force: true });
    await this.peers.remove();
  }

  async pidOf(service: string): Promise<number | undefined> {
    const processes = JSON.parse(await readFile(join(this.dataDirectory, 'processes.json'), 'utf8')) as {
      name: string;
      pid: number;
    }[];
    return processes.find(({ name }) => name === service)?.pid;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT);
    await ended;
    clearTimeout(late);
  }
}

/** False when there is no such process (any more). */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Nothing of the surroundings may decide how a platform under test behaves, but where programs and temporary files are. */
function inheritable(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'MESSAGE_RETRY_DELAYS'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
