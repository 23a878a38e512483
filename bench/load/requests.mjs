import { randomUUID } from 'node:crypto';
import { closedLoop } from './closed-loop.mjs';

const JSON_TYPE = { 'content-type': 'application/json' };
const ORDER_ID = /"id":"([^"]+)"/;

/** Makes the n-th order of one ticket, each with a key of its own; undefined when all buyers have had their turns. */
export function orderRequests({ eventId, typeId }, buyers, turns = Infinity) {
  const body = JSON.stringify({ eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] });
  return (n) => {
    if (n >= buyers.length * turns) return undefined;
    const { headers } = buyers[n % buyers.length];
    return {
      method: 'POST',
      path: '/api/v1/orders',
      body,
      headers: { ...JSON_TYPE, ...headers, 'idempotency-key': randomUUID() },
    };
  };
}

/** Notes which orders were promised. A refusal that does not say when to come back is another kind of answer. */
export const noting =
  (seen) =>
  ({ statusCode, headers }, body) => {
    if (statusCode === 201) seen.push(ORDER_ID.exec(body)[1]);
    const isRefusal = statusCode === 429 || statusCode === 503;
    return isRefusal && headers['retry-after'] === undefined ? `${statusCode} without Retry-After` : String(statusCode);
  };

/** @returns orders a second, or whatever answers are `expected` */
export async function orders(site, event, { expected = '201', buyers = site.buyers, turns, ...pace }) {
  const next = orderRequests(event, buyers, turns);
  return only(await closedLoop({ ...pace, url: site.url, next, check: noting(site.seen) }), expected);
}

/** @returns GETs a second, below /api/v1 */
export async function reads({ url }, path, pace) {
  const next = () => ({ method: 'GET', path: `/api/v1${path}` });
  return only(await closedLoop({ ...pace, url, next }), '200');
}

/** A body like an order's, or none. */
export function echoRequest(method = 'POST') {
  const sample = { eventId: randomUUID(), items: [{ ticketTypeId: randomUUID(), quantity: 1 }] };
  return { method, path: '/echo', ...(method === 'POST' ? { body: JSON.stringify(sample), headers: JSON_TYPE } : {}) };
}

/** @returns echoes a second */
export async function echoes({ url }, { method, ...pace }) {
  const request = echoRequest(method);
  return only(await closedLoop({ ...pace, url, next: () => request }), '200');
}

/** Only what was wanted counts, and anything else is told: fast refusals are no orders. */
export function only({ perSecond }, wanted) {
  const others = Object.keys(perSecond).filter((kind) => kind !== wanted);
  if (others.length > 0) throw new Error(`Answers that were not expected: ${JSON.stringify(perSecond)}`);
  return perSecond[wanted] ?? 0;
}
