import { setTimeout as sleep } from 'node:timers/promises';
import { on } from '../stage/databases.mjs';

const JSON_TYPE = { 'content-type': 'application/json' };
const POLL = 50;
/** Milliseconds that a client goes on asking: a killed service is back long before. */
const PATIENCE = 120_000;

/** Asks until the answer is none of a service that is away. @throws when that takes too long, or the answer is not `expected` */
export async function patiently(expected, ask) {
  for (const end = Date.now() + PATIENCE; ; await sleep(POLL)) {
    const answer = await ask().catch((error) => error);
    if (answer instanceof Error || answer.status === 503 || answer.status === 502) {
      if (Date.now() > end) throw new Error(`No answer within ${PATIENCE} ms: ${answer.message ?? answer.status}`);
      continue;
    }
    if (answer.status !== expected) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

/** A hold of one ticket. @returns the order, as the contract has it */
export async function hold(site, buyer, { eventId, typeId }, key) {
  const answer = await patiently(201, () =>
    fetch(`${site.url}/api/v1/orders`, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...buyer.headers, 'idempotency-key': key },
      body: JSON.stringify({ eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] }),
    }),
  );
  return answer.json();
}

/** As a browser does. @returns the address of the provider's page */
export async function openPage({ checkoutUrl }) {
  const answer = await patiently(303, () => fetch(checkoutUrl, { redirect: 'manual' }));
  return answer.headers.get('location').split('?')[0];
}

export const pay = (page) => patiently(303, () => fetch(`${page}/pay`, { method: 'POST', redirect: 'manual' }));

/**
 * One ticket of another event is bought while the cancellation runs.
 * @returns milliseconds until the order was placed, until it was confirmed after it was paid, and until its mail had left
 */
export async function buy(site, buyer, sale, key) {
  const begun = performance.now();
  const order = await hold(site, buyer, sale, key);
  const placed = performance.now();
  await pay(await openPage(order));
  const paid = performance.now();
  await until(async () => {
    const answer = await fetch(`${site.url}/api/v1/orders/${order.id}`, { headers: buyer.headers });
    return answer.ok && (await answer.json()).status === 'confirmed';
  });
  const confirmed = performance.now();
  await until(() => isMailed(site, order.id));
  const mailed = performance.now();
  return { orderId: order.id, placed: placed - begun, confirmed: confirmed - paid, mailed: mailed - confirmed };
}

const isMailed = (site, orderId) =>
  on(site.inner.databases.of['notification-service'].ownerUrl, async (client) => {
    const sql = `select from mails where kind = 'order-confirmed' and status = 'sent' and facts ->> 'orderId' = $1`;
    return (await client.query(sql, [orderId])).rowCount > 0;
  });

async function until(isDone) {
  for (const end = Date.now() + PATIENCE; ; await sleep(POLL)) {
    if (await isDone().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`Not within ${PATIENCE} ms.`);
  }
}
