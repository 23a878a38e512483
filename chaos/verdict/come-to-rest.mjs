import { setTimeout as sleep } from 'node:timers/promises';
import { on } from '../../bench/stage/databases.mjs';

const POLL = 500;

/** Whoever still waits for something: a hold for its end, money for its way, a webhook for its receiver. */
const WAITING = {
  'holds that have not ended': ['ticket-api', `select count(*)::int as count from orders where status = 'pending'`],
  'checkouts that are open': [
    'payment-service',
    `select count(*)::int as count from payments where status in ('opening', 'open')`,
  ],
  'refunds on their way': ['payment-service', `select count(*)::int as count from refunds where status = 'pending'`],
  'webhooks on their way': [
    'stripe-simulator',
    `select count(*)::int as count from webhook_delivery where state in ('pending', 'dropped')`,
  ],
};

/**
 * After the faults: waits until nothing waits any more, `limitSeconds` at most. Webhooks whose next try is minutes away
 * are sent now, as a provider's operator would.
 * @returns what still waits, in words; empty when all is quiet
 */
export async function comeToRest({ inner, simulator }, limitSeconds) {
  await simulator.tell('POST', '/reset');
  await simulator.tell('POST', '/webhooks/resend');
  let waiting;
  for (const end = Date.now() + limitSeconds * 1000; ; await sleep(POLL)) {
    await sendWhatFailed(simulator);
    waiting = [];
    for (const [what, [service, sql]] of Object.entries(WAITING)) {
      const [{ count }] = await on(inner.databases.of[service].ownerUrl, sql);
      if (count > 0) waiting.push(`${count} ${what}`);
    }
    if (waiting.length === 0 || Date.now() > end) return waiting;
  }
}

async function sendWhatFailed(simulator) {
  const { deliveries } = await simulator.tell('GET', '/webhooks?state=pending&limit=100');
  const events = deliveries.filter(({ lastFailure }) => lastFailure !== null).map(({ event }) => event);
  if (events.length > 0) await simulator.tell('POST', '/webhooks/resend', { events });
}
