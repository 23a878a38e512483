import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 15_000;

/** Waits until `holds`. @throws naming what did not come true in 15 s. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const until = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`Waited ${LIMIT_MS} ms in vain for ${what}.`);
    await delay(20);
  }
}
