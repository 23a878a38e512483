import { createHmac, randomUUID } from 'node:crypto';
import { closedLoop } from '../load/closed-loop.mjs';
import { only, orders } from '../load/requests.mjs';
import { alternate } from '../rounds.mjs';
import { on } from '../stage/databases.mjs';
import { openedFloor } from './desk.mjs';

const CALLERS = 64;
/** Sessions that are paid in a round at most: each makes a ticket and a mail, which the run waits for. */
const PAID = 300;

/** Stripe's word that money came: believed when it is signed, committed before it is acknowledged. */
export async function measureWebhooks(stage, { rounds, milliseconds }) {
  const grouped = await stage.grouped();
  const floor = await openedFloor(stage);
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  const count = PAID * rounds;
  const buyers = Array.from({ length: Math.ceil(count / grouped.buyers.length) }, () => grouped.buyers).flat();
  await orders(grouped, grouped.endless, {
    callers: CALLERS,
    milliseconds: 60_000,
    buyers: buyers.slice(0, count),
    turns: 1,
  });
  await grouped.quiet();
  const payments = await openPayments(grouped, count);
  return {
    webhooks: await alternate(rounds, {
      before: () => grouped.quiet(),
      reference: () => floor.insert({ clients: CALLERS, seconds }),
      subject: () => acknowledge(grouped, payments.splice(-PAID)),
    }),
  };
}

/** As if the buyers of the newest orders stood on the provider's page. */
function openPayments({ inner }, count) {
  return on(inner.databases.of['payment-service'].ownerUrl, async (client) => {
    const { rows } = await client.query(
      `insert into payments (id, tenant_id, order_id, user_id, status, amount, currency, correlation_id, idempotency_key,
                             parameters, session_id, session_url, close_due_at)
       select o.id, o.tenant_id, o.order_id, o.user_id, 'open', o.total, o.currency, o.id, o.id, '{}', 'cs_' || o.id, 'http://localhost/', now() + interval '1 day'
       from (select gen_random_uuid() as id, * from owed_orders order by created_at desc limit $1) as o
       returning id, session_id, amount, currency`,
      [count],
    );
    return rows;
  });
}

async function acknowledge({ url, inner }, payments) {
  const next = () => {
    const payment = payments.pop();
    return payment && paid(payment, inner.secrets.stripeWebhookSecret);
  };
  return only(await closedLoop({ url, callers: CALLERS, milliseconds: 60_000, next }), '200');
}

/** https://docs.stripe.com/webhooks#verify-manually */
function paid({ id, session_id, amount, currency }, secret) {
  const session = {
    ...{ id: session_id, object: 'checkout.session', status: 'complete', payment_status: 'paid' },
    ...{ payment_intent: `pi_${id}`, amount_total: Number(amount), currency: currency.toLowerCase() },
    metadata: { payment_id: id },
  };
  const event = { id: `evt_${randomUUID()}`, object: 'event', type: 'checkout.session.completed', livemode: false };
  const body = JSON.stringify({ ...event, data: { object: session } });
  const at = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return {
    method: 'POST',
    path: '/api/v1/payments/webhooks',
    body,
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` },
  };
}
