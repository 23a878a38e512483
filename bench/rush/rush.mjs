import { Client } from 'undici';
import { on } from '../stage/databases.mjs';
import { Site } from '../stage/site.mjs';
import { attempt } from './attempt.mjs';

const HEADERS = { 'content-type': 'application/json' };
/** Answers that are asked for again at the end: each must be the same order once more. */
const SAMPLE = 200;

/**
 * Many buyers want few tickets over many connections, and ticket-api is killed (`kill -9`) when half of them are sold.
 * Each attempt has a key of its own and is repeated with it until its answer is final.
 * @returns { orders, refusals, retries, seconds, wrong }: what happened, and what is not as it was promised, in words
 */
export async function rush(root, { attempts, tickets, connections, tell = () => undefined }) {
  const site = await Site.open(root, { ORDER_HOLD_SECONDS: '3600' });
  try {
    const { eventId, typeId } = await site.sale.event(tickets);
    const body = JSON.stringify({ eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] });
    /** Order by number of the attempt. */
    const placed = new Map();
    const retries = {};
    const wrong = [];
    let [next, refusals, killed] = [0, 0, false];
    const noteRetry = (why) => void (retries[why] = (retries[why] ?? 0) + 1);
    const settle = (n, order) => void (order === null ? (refusals += 1) : placed.set(n, order));
    const requestOf = (n) => ({
      method: 'POST',
      path: '/api/v1/orders',
      body,
      headers: { ...HEADERS, ...site.buyers[n % site.buyers.length].headers, 'idempotency-key': `rush-${n}` },
    });
    const since = performance.now();
    const caller = async () => {
      const client = new Client(site.url, { pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
      while (next < attempts) {
        const n = next++;
        await attempt(() => client.request(requestOf(n)), noteRetry).then(
          (order) => settle(n, order),
          (error) => wrong.push(error.message),
        );
        if (!killed && placed.size >= tickets / 2) {
          killed = true;
          tell(`${placed.size} orders are placed: ticket-api is killed`);
          process.kill(site.platform.processes['ticket-api'], 'SIGKILL');
        }
      }
      await client.close();
    };
    await Promise.all(Array.from({ length: connections }, caller));
    const seconds = (performance.now() - since) / 1000;

    site.seen.push(...placed.values());
    wrong.push(...(await site.audit()));
    if (!killed) wrong.push('ticket-api was never killed: too few orders were placed');
    const [{ taken }] = await on(site.inner.databases.of['ticket-api'].ownerUrl, (client) =>
      client.query('select taken from stock_counters where event_id = $1', [eventId]).then(({ rows }) => rows),
    );
    if (Number(taken) !== tickets) wrong.push(`${taken} of ${tickets} tickets are held`);
    if (placed.size !== tickets) wrong.push(`${placed.size} orders were promised for ${tickets} tickets`);
    wrong.push(...(await askAgain(site.url, placed, requestOf)));
    return { orders: placed.size, refusals, retries, seconds, wrong };
  } finally {
    await site.close();
  }
}

/** Each key still answers with its order. */
async function askAgain(url, placed, requestOf) {
  const wrong = [];
  const client = new Client(url);
  for (const [n, id] of [...placed].slice(0, SAMPLE)) {
    const answer = await client.request(requestOf(n));
    const order = await answer.body.json();
    if (answer.statusCode !== 201 || order.id !== id)
      wrong.push(`rush-${n} was ${id} and is ${answer.statusCode} ${order.id}`);
  }
  await client.close();
  return wrong;
}
