import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL = 40;
/** A process that takes connections and does not answer is asked again, in milliseconds. */
const PATIENCE = 2_500;

/** Resolves when the address answers 200. @throws when the signal says so */
export async function untilReady(url: string, signal: AbortSignal): Promise<void> {
  while (!(await answers200(url))) {
    signal.throwIfAborted();
    await sleep(POLL);
  }
  signal.throwIfAborted();
}

function answers200(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: PATIENCE }, (response) => {
      response.resume().once('close', () => resolve(response.statusCode === 200));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
