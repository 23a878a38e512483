import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client } from '../support/client.js';

/** Milliseconds: at one point the gateway dies once for every route, and nobody is answered meanwhile. */
const PATIENCE = 120_000;
const PAUSE = 100;
/** Of writes that take no key: what a repetition is told when the first one was carried out and its answer was lost. */
const DONE_BEFORE = new Set(['email-taken', 'refund-not-failed', 'unauthenticated']);

/** Asks again, under the same Idempotency-Key, what was not answered or answered 503, as clients are told to do. */
export class PatientClient {
  constructor(private readonly client: Client) {}

  /** @throws what else was answered, at once */
  async ask(status: number, method: string, path: string, body?: unknown, key: string = randomUUID()): Promise<Answer> {
    const headers: Record<string, string> = method === 'GET' ? {} : { 'idempotency-key': key };
    return patiently(`${method} ${path}`, async (isRepeated) => {
      const answer = await this.client.send(method, path, body, headers);
      if (answer.status === status) return answer;
      if (isRepeated && DONE_BEFORE.has(answer.body?.code)) return answer;
      if (answer.status === 503 || answer.body?.code === 'idempotency-in-flight') return undefined;
      throw new Refused(`${method} ${path}: ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
    });
  }

  async read(path: string): Promise<any> {
    return (await this.ask(200, 'GET', path)).body;
  }
}

/** An answer that a repetition would not change. */
export class Refused extends Error {}

/** Repeats while there is no answer (`undefined`, or the connection broke). */
export async function patiently<T>(what: string, ask: (isRepeated: boolean) => Promise<T | undefined>): Promise<T> {
  let last: unknown = 'no answer';
  for (let end = Date.now() + PATIENCE, turn = 0; Date.now() < end; await sleep(PAUSE), turn += 1) {
    try {
      const answer = await ask(turn > 0);
      if (answer !== undefined) return answer;
    } catch (error) {
      if (error instanceof Refused) throw error;
      last = error;
    }
  }
  throw new Error(`${what}: no answer within ${PATIENCE} ms`, { cause: last });
}
