import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel's own clock is (`man 5 proc`, USER_HZ). */
const TICK = 10_000;
const [USER, SYSTEM] = [11, 12];

/** Whether processes' times can be read here. */
export const countsTime = process.platform === 'linux';

/** Microseconds that a process has computed so far. */
export function timeOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before the bracket may hold anything, spaces too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK;
}

/** @returns microseconds that each of these processes computed while the work was done, by name */
export async function timesDuring(pids, work) {
  const before = Object.entries(pids).map(([name, pid]) => [name, timeOf(pid)]);
  await work();
  return Object.fromEntries(before.map(([name, time]) => [name, timeOf(pids[name]) - time]));
}
