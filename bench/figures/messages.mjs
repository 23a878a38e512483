import { setTimeout as sleep } from 'node:timers/promises';
import { orders } from '../load/requests.mjs';
import { compare } from '../rounds.mjs';
import { on } from '../stage/databases.mjs';
import { storeOrders } from '../stage/stored-orders.mjs';
import { openedFloor } from './desk.mjs';

const CALLERS = 256;
const POLL = 25;

/** What comes behind an order: the message that makes payment-service ready to take money for it. */
export async function measureMessages(stage, { milliseconds, quick }) {
  const grouped = await stage.grouped();
  const floor = await openedFloor(stage);
  await grouped.quiet();
  await orders(grouped, grouped.endless, { callers: CALLERS, milliseconds: milliseconds * 2 });
  const end = performance.now();
  const left = await grouped.backlog();
  await grouped.quiet();
  const lag = (performance.now() - end) / 1000;

  const count = quick ? 5_000 : 20_000;
  const reference = await floor.insert({ clients: 64, seconds: Math.max(2, Math.round(milliseconds / 1000)) });
  const subject = await messagesPerSecond(grouped, count);
  return {
    lag: { subject: lag, note: `${left} messages were on their way when the last order was answered` },
    messages: { ...compare(reference, subject), note: `${count} messages that waited in the outbox` },
  };
}

/** From the commit of that many messages, with the next order's wake-up, until each has had its effect. */
async function messagesPerSecond(grouped, count) {
  const { 'ticket-api': sold, 'payment-service': owed } = grouped.inner.databases.of;
  await on(sold.ownerUrl, (client) => storeOrders(client, { ...grouped.endless, count, how: 'hold' }));
  const begin = performance.now();
  const buyers = grouped.buyers.slice(0, 1);
  await orders(grouped, grouped.endless, { callers: 1, milliseconds: 60_000, buyers, turns: 1 });
  return on(owed.ownerUrl, async (client) => {
    const known = async () => (await client.query('select count(*)::int as count from owed_orders')).rows[0].count;
    const total = await on(sold.ownerUrl, (other) =>
      other.query(`select count(*)::int as count from orders where confirmed_how is distinct from 'desk'`),
    );
    while ((await known()) < total.rows[0].count) await sleep(POLL);
    return (count * 1000) / (performance.now() - begin);
  });
}
