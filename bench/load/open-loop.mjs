import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

const PATIENCE = 30_000;

/**
 * Open loop: requests leave by the clock, however slow the answers are, as a crowd's do. An answer's latency counts from
 * the moment at which its request was due, also when it left late or waited for a connection: nothing is left out
 * (https://www.scylladb.com/2021/04/22/on-coordinated-omission/).
 * @param phases one after the other: { perSecond, milliseconds }
 * @param connections at most; each answers one request at a time
 * @param check says what an answer counts as; a request without an answer counts as `lost: <why>`
 * @returns of each request: `due` and `latency` in milliseconds since the begin, `phase` and `kind`
 */
export async function openLoop({ url, phases, connections, next, check = ({ statusCode }) => String(statusCode) }) {
  const pool = new Pool(url, {
    connections,
    pipelining: 1,
    keepAliveTimeout: PATIENCE,
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
    connect: { timeout: PATIENCE },
  });
  const answers = [];
  const pending = [];
  const begin = performance.now();
  const ask = async (n, due, phase) => {
    let kind;
    try {
      const answer = await pool.request(next(n));
      kind = check(answer, await answer.body.text());
    } catch (error) {
      kind = `lost: ${error.code ?? error.message}`;
    }
    answers.push({ due, phase, kind, latency: performance.now() - begin - due });
  };
  let sent = 0;
  let from = 0;
  for (const [phase, { perSecond, milliseconds }] of phases.entries()) {
    const total = Math.round((perSecond * milliseconds) / 1000);
    for (let done = 0; done < total; await sleep(1)) {
      const dueByNow = Math.min(total, Math.floor(((performance.now() - begin - from) * perSecond) / 1000) + 1);
      for (; done < dueByNow; done += 1) pending.push(ask(sent++, from + (done * 1000) / perSecond, phase));
    }
    from += milliseconds;
  }
  await Promise.all(pending);
  await pool.close();
  return answers;
}
