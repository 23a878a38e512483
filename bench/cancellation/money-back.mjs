import { on } from '../stage/databases.mjs';

/** Seconds over which the pace is judged. */
const WINDOW = 10;
/** Refunds on their way at once, which may be asked for late. */
const ON_THEIR_WAY = 10;

/**
 * What the provider itself has of an event's orders: each paid one went back whole, in one refund.
 * @param orderIds all orders of the event
 * @returns { payments, refunds, amount, busiest, wrong }: how many, minor units, most refunds within any ten seconds, and
 * what is not as it was promised, in words
 */
export async function moneyBack(databases, orderIds, perSecond) {
  const { payments, amount, unrefunded, twice } = await ask(databases, ORDERS, orderIds);
  const { refunds, busiest } = await ask(databases, PACE, orderIds);
  const wrong = [];
  if (unrefunded > 0) wrong.push(`payments whose money is not back to the cent: ${unrefunded}`);
  if (twice > 0) wrong.push(`payments with more than one refund: ${twice}`);
  // Nobody saves up more than a second's worth.
  const most = perSecond * (WINDOW + 1) + ON_THEIR_WAY;
  if (busiest > most) wrong.push(`${busiest} refunds within ${WINDOW} s, at a pace of ${perSecond} a second`);
  return { payments, refunds, amount: Number(amount), busiest, wrong };
}

const ask = (databases, sql, orderIds) =>
  on(databases.of['stripe-simulator'].ownerUrl, async (client) => (await client.query(sql, [orderIds])).rows[0]);

const ORDERS = `
  select count(*)::int as payments, sum(paid) as amount, count(*) filter (where back <> paid)::int as unrefunded,
    count(*) filter (where refunds > 1)::int as twice
  from (
    select p.amount_received as paid, coalesce(sum(r.amount), 0) as back, count(r.id) as refunds
    from payment_intent p left join refund r on r.payment_intent = p.id and r.status = 'succeeded'
    where p.status = 'succeeded' and (p.metadata ->> 'order_id') = any($1::text[]) group by p.id
  ) each`;

const PACE = `
  with made as (select created from refund where payment_intent in (select id from payment_intent where metadata ->> 'order_id' = any($1::text[]))),
  seconds as (select created, count(*) as count from made group by created)
  select (select count(*)::int from made) as refunds, coalesce(max(within), 0)::int as busiest from (
    select sum(count) over (order by created range between ${WINDOW - 1} preceding and current row) as within from seconds
  ) windows`;
