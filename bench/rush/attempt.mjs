import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two tries at most, whatever `Retry-After` says, and of all tries together. */
const LONGEST_PAUSE = 1_000;
const PATIENCE = 120_000;

/** Not final: the same request may be sent again with the same key. */
const AGAIN = new Set(['503 service-unavailable', '429 too-many-requests', '409 idempotency-in-flight']);

/**
 * Tries until the answer is final. A connection that breaks is one more reason to ask again.
 * @param send makes the same request each time
 * @param noteRetry is told why there is another try
 * @returns the order's id; `null` when nothing is left
 * @throws when the answer is one that nobody expects, or none comes
 */
export async function attempt(send, noteRetry) {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    const { said, order, pause } = await ask(send);
    if (said === '201') return order;
    if (said === '409 sold-out') return null;
    if (!AGAIN.has(said) && !said.startsWith('broken')) throw new Error(`An answer that nobody expects: ${said}`);
    noteRetry(said);
    await sleep(pause);
  }
  throw new Error('No final answer came.');
}

async function ask(send) {
  try {
    const answer = await send();
    const body = await answer.body.json();
    if (answer.statusCode === 201) return { said: '201', order: body.id };
    const seconds = Number(answer.headers['retry-after'] ?? 0.1);
    return { said: `${answer.statusCode} ${body.code}`, pause: Math.min(seconds * 1000, LONGEST_PAUSE) };
  } catch (error) {
    return { said: `broken: ${error.code ?? error.message}`, pause: 100 };
  }
}
