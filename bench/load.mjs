import { Client } from 'undici';

/**
 * Closed loop: each of `callers` has one connection and sends its next request when it has its answer.
 * @param next makes the n-th request: { method, path, headers, body }
 * @param check says what an answer counts as, by status and body; only those that are told apart are told
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
        keepAliveTimeout: 60_000,
        bodyTimeout: 60_000,
        headersTimeout: 60_000,
      });
      try {
        while (performance.now() < end) {
          const since = performance.now();
          const answer = await client.request(next(sent++));
          const body = await answer.body.text();
          const kind = check(answer, body);
          counts[kind] = (counts[kind] ?? 0) + 1;
          latencies.push(performance.now() - since);
        }
      } finally {
        await client.close();
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const perSecond = Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, count / seconds]));
  return { perSecond, counts, p50: at(0.5), p99: at(0.99) };
}
