import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Resident memory of each process of a platform, in MB. */
export function memoryOf({ dataDirectory }) {
  const processes = JSON.parse(readFileSync(join(dataDirectory, 'processes.json'), 'utf8'));
  return Object.fromEntries(processes.map(({ name, pid }) => [name, residentOf(pid)]));
}

const residentOf = (pid) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) / 1024;
