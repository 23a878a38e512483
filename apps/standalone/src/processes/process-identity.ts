import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/** A process that a file of ours remembers: the pid alone may since belong to a stranger. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the words of the system; `unknown` where those cannot be had. */
  readonly startedAt: string;
}

const UNKNOWN = 'unknown';

/** @returns undefined when no such process lives */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!isRunning(pid)) return undefined;
  const startedAt = process.platform === 'linux' ? statOnLinux(pid)?.startedAt : startElsewhere(pid);
  return { pid, startedAt: startedAt ?? UNKNOWN };
}

/** Whether some process with this id lives; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return process.platform !== 'linux' || !['Z', 'X'].includes(statOnLinux(pid)?.state ?? '');
}

/** Whether this very process still lives, and not a later one with its pid. */
export function isAlive(remembered: ProcessIdentity): boolean {
  const now = identify(remembered.pid);
  if (!now) return false;
  return now.startedAt === remembered.startedAt || [now.startedAt, remembered.startedAt].includes(UNKNOWN);
}

/** proc(5): the name in parentheses may hold spaces; after it field 3 is the state and 22 the start, in ticks since boot. */
function statOnLinux(pid: number): { state: string; startedAt: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { state: fields[0] ?? '', startedAt: `${boot}/${fields[19]}` };
  } catch {
    return undefined;
  }
}

function startElsewhere(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

/** Whether a living process works in this folder (its real path); false also when we may not know. */
export function worksIn(pid: number, folder: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === folder;
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes(folder);
  } catch {
    return false;
  }
}
