import { Client } from 'undici';
import { ascending, percentile } from './percentile.mjs';

/** A promise of ours, not of the server's: nobody waits longer for an answer. In milliseconds. */
const PATIENCE = 60_000;

/**
 * Closed loop: each of `callers` has one connection and sends its next request when it has its answer. It tells how much
 * can be done, not how long anybody waits: who is slow is asked less often.
 * @param next makes the n-th request: { method, path, headers, body }; undefined ends the run before its time
 * @param check says what an answer counts as, by status and body
 * @returns answers a second by kind, and latencies in milliseconds
 */
export async function closedLoop({ url, callers, milliseconds, next, check = ({ statusCode }) => String(statusCode) }) {
  const counts = {};
  const latencies = [];
  const begin = performance.now();
  const end = begin + milliseconds;
  let sent = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      const client = new Client(url, {
        pipelining: 1,
        keepAliveTimeout: PATIENCE,
        bodyTimeout: PATIENCE,
        headersTimeout: PATIENCE,
      });
      try {
        while (performance.now() < end) {
          const request = next(sent++);
          if (!request) return;
          const since = performance.now();
          const answer = await client.request(request);
          const kind = check(answer, await answer.body.text());
          counts[kind] = (counts[kind] ?? 0) + 1;
          latencies.push(performance.now() - since);
        }
      } finally {
        await client.close();
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  const sorted = ascending(latencies);
  const perSecond = Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, count / seconds]));
  return { perSecond, counts, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}
