import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LARGEST, turnOver } from '../logs/log-file.js';
import { isRunning, worksIn } from '../processes/process-identity.js';
import type { Placement } from './placement.js';
import type { RunAs } from './run-as.js';

/** A running PostgreSQL, whoever started it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const POLL = 20;
const START = 60_000;

/** The lines of postmaster.pid (PostgreSQL's src/include/utils/pidfile.h), counted from 0. */
const PID = 0;
const PORT = 3;
const STATUS = 7;

const pidFile = (cluster: string) => join(cluster, 'postmaster.pid');

/** The server that runs on this cluster now, also one whose launcher was killed; its pid file alone proves nothing. */
export function findPostmaster(cluster: string): (Postmaster & { status: string }) | undefined {
  const lines = existsSync(pidFile(cluster)) ? readFileSync(pidFile(cluster), 'utf8').split('\n') : [];
  const pid = Number(lines[PID]);
  if (!pid || !isRunning(pid) || !worksIn(pid, cluster)) return undefined;
  return { pid, port: Number(lines[PORT]), status: lines[STATUS]?.trim() ?? '' };
}

/**
 * Starts the server and waits until it takes connections. It writes its log by itself and is in no process group of
 * ours: neither Ctrl-C nor our death ends it in the middle of something.
 * @throws with the end of its log when it cannot start
 */
export async function startPostmaster(
  { home, cluster }: Placement,
  port: number,
  user: RunAs,
  logFile: string,
): Promise<Postmaster> {
  // Of a process that is not a server of this cluster; PostgreSQL itself would take any living process for one.
  if (!findPostmaster(cluster)) rmSync(pidFile(cluster), { force: true });
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LARGEST) turnOver(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const logged = statSync(logFile).size;
  const child = spawn(
    join(home, 'bin', 'postgres'),
    ['-D', cluster, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])],
    {
      ...user,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  child.unref();
  let end = '';
  child.once('error', (error) => (end = error.message));
  child.once('exit', (code, signal) => (end = String(signal ?? `code ${code}`)));
  for (const limit = Date.now() + START; Date.now() < limit; await sleep(POLL)) {
    if (end) throw new Error(`PostgreSQL ended (${end}): ${tail(logFile, logged)}`);
    const found = findPostmaster(cluster);
    if (found?.pid === child.pid && found?.status === 'ready') return { pid: found.pid, port };
  }
  throw new Error(`PostgreSQL did not take connections within ${START / 1000} s: ${tail(logFile, logged)}`);
}

/** Loopback and passwords only; durability stays as PostgreSQL ships it, on. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=300',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_line_prefix=%m [%p] %q%u@%d ',
];

const tail = (file: string, from: number) =>
  readFileSync(file).subarray(from).toString('utf8').trim().split('\n').slice(-5).join('\n');

/** How long each way of asking may take, in milliseconds: fast shutdown, immediate shutdown, none at all. */
const WAYS_TO_END = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 3_000],
  ['SIGKILL', 2_000],
] as const;

/** Ends the server and waits for it; on the next start it recovers from whatever way was needed. */
export async function stopPostmaster(cluster: string, { pid }: Postmaster): Promise<void> {
  for (const [signal, patience] of WAYS_TO_END) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (const end = Date.now() + patience; Date.now() < end; await sleep(POLL)) {
      if (!isRunning(pid) || !worksIn(pid, cluster)) return;
    }
  }
}
