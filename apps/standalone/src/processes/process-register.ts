import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeAtomically } from '../data-directory/atomic-file.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

interface Entry extends ProcessIdentity {
  readonly name: string;
}

/** How long what a killed launcher left may take to end by itself, in milliseconds; it notices at once. */
const PATIENCE = 2_000;
const POLL = 20;

/** The processes that were started, kept on disk for a successor of a launcher that was killed. */
export class ProcessRegister {
  private readonly entries = new Map<string, Entry>();

  /** Called when a process has taken the place of another. */
  changed: () => void = () => undefined;

  constructor(private readonly path: string) {}

  note(name: string, pid: number): void {
    const identity = identify(pid);
    if (identity) this.entries.set(name, { name, ...identity });
    try {
      writeAtomically(this.path, JSON.stringify([...this.entries.values()]));
      this.changed();
    } catch {
      // A full disk must not end the platform; a successor would only know less of what a crash left.
    }
  }

  /** Name of each service → its process. */
  get pids(): Record<string, number> {
    return Object.fromEntries([...this.entries.values()].map(({ name, pid }) => [name, pid]));
  }

  clear(): void {
    rmSync(this.path, { force: true });
  }

  /** Services of a killed launcher still hold their ports: waits for them, and ends those that hang. */
  async endLeftovers(tell: (message: string) => void): Promise<void> {
    const alive = (entries: Entry[]) => entries.filter(isAlive);
    const found = alive(this.read());
    let left = found;
    for (const end = Date.now() + PATIENCE; left.length > 0 && Date.now() < end; await sleep(POLL)) left = alive(left);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    while (alive(left).length > 0) await sleep(POLL);
    if (found.length > 0)
      tell(`the last run was killed; its processes have ended: ${found.map(({ name }) => name).join(', ')}`);
    this.clear();
  }

  private read(): Entry[] {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as Entry[];
    } catch {
      return [];
    }
  }
}
