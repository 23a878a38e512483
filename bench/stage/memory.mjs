import { execFileSync } from 'node:child_process';
import { processesOf } from './processes.mjs';

/** Resident memory of each process of a platform, in MB. */
export const memoryOf = (platform) =>
  Object.fromEntries(Object.entries(processesOf(platform)).map(([name, pid]) => [name, residentOf(pid)]));

const residentOf = (pid) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) / 1024;
