import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type Platform } from '@app/testing';
import { asOwner, databasePrefixOf, postmasterOf } from '../../support/owner.js';

/** What may befall the server of a platform's databases. */
export interface DatabaseServer {
  /** Ends at once and comes back. Resolves when it is back. */
  restart(): Promise<void>;
  /** Ends every session of the platform; the server stays. */
  endSessions(): Promise<void>;
  /** Says nothing any more, and ends nothing. @returns ends it */
  hang(): () => void;
}

/** A shared server is never harmed: there the platform's cable is. */
export const databaseServerOf = (platform: Platform): DatabaseServer => ({
  endSessions: async () => {
    await asOwner(
      platform,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname like $1 and pid <> pg_backend_pid()`,
      [`${databasePrefixOf(platform).replaceAll('_', '\\_')}\\_%`],
    );
  },
  ...(platform.cables ? behind(platform.cables.database) : embedded(platform.dataDirectory)),
});

/** Milliseconds that a server with little to recover is away for. */
const AWAY = 1_500;
/** Milliseconds that reading the log again may take on a busy disk. */
const RECOVERY = 60_000;

const behind = (cable: NonNullable<Platform['cables']>['database']) => ({
  restart: async () => {
    await cable.pull();
    await sleep(AWAY);
    await cable.plugIn();
  },
  hang: () => {
    cable.freeze();
    return () => cable.thaw();
  },
});

const embedded = (dataDirectory: string) => ({
  /** PostgreSQL's immediate shutdown: no session ends in order, and the next start recovers from the log. */
  restart: async () => {
    const { pid } = postmasterOf(dataDirectory);
    process.kill(pid, 'SIGQUIT');
    await eventually(() => {
      const now = postmasterOf(dataDirectory);
      if (now.pid === pid || now.status !== 'ready') throw new Error(`The database is not back: ${now.status}`);
    }, RECOVERY);
  },
  hang: () => {
    const { pid } = postmasterOf(dataDirectory);
    // It first, so that it makes no more of them.
    process.kill(pid, 'SIGSTOP');
    const stopped = [pid, ...childrenOf(pid)];
    for (const each of stopped) signal(each, 'SIGSTOP');
    return () => {
      for (const each of stopped) signal(each, 'SIGCONT');
    };
  },
});

/** By the parent that proc(5) tells. */
function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => parentOf(pid) === parent).map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/\) . (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

/** It may have ended meanwhile. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // No such process.
  }
}
