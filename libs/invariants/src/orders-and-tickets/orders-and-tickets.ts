import type { Comparison, Rule } from '../invariant.js';

const invariant = 'I2';
const database = 'ticket-api';

/** Within ticket-api: tickets, refunds and totals of an order add up. */
export const ordersAndTickets: Rule[] = [
  {
    invariant,
    database,
    broken: 'lines of orders whose tickets are not as many as were sold and not given back',
    remedy:
      'Compare the tickets of the order with its line. Missing tickets: refund the order as its organizer, or have them issued again. A ticket too many: make it void before the event.',
    sql: `
      select i.order_id as "orderId", o.status, i.ticket_type_id as "ticketTypeId", i.quantity, i.returned,
             coalesce(t.live, 0) as live, coalesce(t.gone, 0) as void
      from orders o
      join order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
      left join (
        select tenant_id, order_id, ticket_type_id,
               count(*) filter (where status not in ('void', 'listed')) as live,
               count(*) filter (where status in ('void', 'listed')) as gone
        from tickets group by 1, 2, 3
      ) t on t.tenant_id = i.tenant_id and t.order_id = i.order_id and t.ticket_type_id = i.ticket_type_id
      where o.confirmed_how is not null
        and (coalesce(t.live, 0) <> i.quantity - i.returned or coalesce(t.gone, 0) <> i.returned)`,
  },
  {
    invariant,
    database,
    broken: 'tickets that still admit, or are up for resale, though their order has ended',
    remedy: 'Make them void, or find out why the order ended: whoever holds them has not paid for them any more.',
    sql: `
      select t.id as "ticketId", t.status, o.id as "orderId", o.status as "orderStatus"
      from tickets t join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
      where o.status in ('expired', 'cancelled', 'refunded') and t.status in ('valid', 'checked_in', 'listed')`,
  },
  {
    invariant,
    database,
    broken: 'paid orders whose tickets and refunds do not add up to what was paid',
    remedy:
      'More given back than paid: look at the refunds of the order at the provider, and stop those that are pending. Less: the buyer lacks tickets or money; refund the difference.',
    sql: `
      select o.id as "orderId", o.status, o.total, coalesce(r.back, 0) as "givenBack", coalesce(t.live, 0) as tickets
      from orders o
      left join (select tenant_id, order_id, sum(amount - covered) as back from refunds where payment_id is null group by 1, 2) r
        on r.tenant_id = o.tenant_id and r.order_id = o.id
      left join (
        select tenant_id, order_id, sum(unit_price) as live from tickets where status <> 'void' group by 1, 2
      ) t on t.tenant_id = o.tenant_id and t.order_id = o.id
      -- One that failed for good is owed and waits for a person: where somebody gave back the money by hand meanwhile, nobody owes it.
      left join (
        select tenant_id, order_id, sum(amount - covered) as moving from refunds where payment_id is null and status <> 'failed' group by 1, 2
      ) m on m.tenant_id = o.tenant_id and m.order_id = o.id
      where o.confirmed_how = 'paid'
        and (coalesce(m.moving, 0) > o.total or (coalesce(r.back, 0) + coalesce(t.live, 0) < o.total
          -- The bank gives the money of a dispute back, unless the organizer wins it.
          and not exists (select from disputes d where d.order_id = o.id and d.payment_id = o.payment_id and d.status <> 'won')))`,
  },
  {
    invariant,
    database,
    broken: 'orders whose `refunded` and `refundPending` are not the sums of their refunds',
    remedy: 'The refunds are right, row by row: set the two columns of the order to their sums.',
    sql: `
      select o.id as "orderId", o.refunded, coalesce(r.moved, 0) as moved,
             o.refund_pending as "refundPending", coalesce(r.owed, 0) as owed
      from orders o left join (
        select tenant_id, order_id, sum(amount - covered) filter (where status = 'succeeded') as moved,
               sum(amount) filter (where status <> 'succeeded') as owed
        from refunds group by 1, 2
      ) r on r.tenant_id = o.tenant_id and r.order_id = o.id
      where o.refunded <> coalesce(r.moved, 0) or o.refund_pending <> coalesce(r.owed, 0)`,
  },
  {
    invariant,
    database,
    broken: 'orders whose total is not what their lines cost',
    remedy: 'The buyer was asked for the wrong sum: compare with the payment and refund what was too much.',
    sql: `
      select o.id as "orderId", o.total, i.cost
      from orders o left join (
        select tenant_id, order_id, sum(quantity * unit_price) as cost from order_items group by 1, 2
      ) i on i.tenant_id = o.tenant_id and i.order_id = o.id
      where o.total is distinct from i.cost`,
  },
];

const DEAD_LETTERS = 'Look at `npm run dead-letters -- list` and at the outboxes (I6)';

/** What is owed: an order that costs something is known to who takes its money, with its total. A desk takes it itself. */
export const owed: Comparison = {
  left: {
    database,
    from: 'orders o',
    id: 'o.id',
    key: `o.id || ' ' || o.total || ' ' || o.currency`,
    where: `o.total > 0 and o.confirmed_how is distinct from 'desk'`,
    allowed: 'o.total > 0',
  },
  right: {
    database: 'payment-service',
    from: 'owed_orders o',
    id: 'o.order_id',
    key: `o.order_id || ' ' || o.total || ' ' || o.currency`,
    where: 'o.total > 0',
  },
  leftOnly: {
    invariant,
    broken: 'orders (id, total) of which payment-service does not know what is owed',
    remedy: `${DEAD_LETTERS}: \`order.reserved.v1\` has not arrived. The buyer can pay all the same, as payment-service asks for an unknown order.`,
  },
  rightOnly: {
    invariant,
    broken: 'orders (id, total) that payment-service takes money for and ticket-api has not, or not with this total',
    remedy: 'ticket-api has lost or changed an order: compare with its backup before anybody pays or is refunded.',
  },
};

/** Payments that took money, and what ticket-api made of each: a confirmed order, or a refund of all of it. */
export const paid: Comparison = {
  left: {
    database,
    from: `(select payment_id, order_id, bool_or(settled) as settled from (
              select payment_id, id as order_id, true as settled from orders where payment_id is not null
              union all
              select payment_id, order_id, reason <> 'provider' from refunds where payment_id is not null) s
            group by 1, 2) p`,
    id: 'p.order_id',
    key: `p.order_id || ' ' || p.payment_id`,
    where: 'true',
    // That somebody gave back a part of it at the provider is no answer to what became of the rest.
    allowed: 'p.settled',
  },
  right: {
    database: 'payment-service',
    from: 'payments p',
    id: 'p.order_id',
    key: `p.order_id || ' ' || p.id`,
    where: `p.status = 'succeeded'`,
    // Of money in review ticket-api is told only when somebody gives it back at the provider.
    allowed: `p.status in ('succeeded', 'review')`,
  },
  leftOnly: {
    invariant: 'I4',
    broken: 'orders (id, payment) that were confirmed by a payment which payment-service has not seen succeed',
    remedy:
      'Ask the provider for the payment. If there is no money, make the tickets void and look for who wrote the order; if there is, payment-service has lost it: bring its backup.',
  },
  rightOnly: {
    invariant,
    broken: 'payments (order, payment) that took money and bought neither tickets nor a refund',
    remedy: `${DEAD_LETTERS} and replay \`payment.succeeded.v1\`. If it is nowhere, refund the payment at the provider.`,
  },
};

/** Refunds as both sides know them: the same amount, and moved on both sides or on neither. */
export const refunded: Comparison = {
  left: {
    database,
    from: 'refunds r join orders o on o.tenant_id = r.tenant_id and o.id = r.order_id',
    id: 'r.id',
    key: `r.id || ' ' || r.order_id || ' ' || r.amount || case r.status when 'succeeded' then ' moved' else ' owed' end`,
    where: `r.amount > 0 and (r.payment_id is not null or o.confirmed_how = 'paid')`,
  },
  right: {
    database: 'payment-service',
    from: 'refunds r',
    id: 'r.id',
    key: `r.id || ' ' || r.order_id || ' ' || r.amount || case when r.status in ('pending', 'failed') then ' owed' else ' moved' end`,
    // Of a refund that somebody makes at the provider ticket-api is told when it has moved.
    where: `r.origin <> 'provider' or r.status = 'succeeded'`,
    allowed: 'true',
  },
  leftOnly: {
    invariant,
    broken: 'refunds (id, order, amount) that ticket-api promised or saw moved and payment-service did not',
    remedy: `${DEAD_LETTERS}: \`order.refund-requested.v1\`, \`payment.refunded.v1\`. Replay; a refund that payment-service does not know is not on its way.`,
  },
  rightOnly: {
    invariant,
    broken: 'refunds (id, order, amount) that payment-service makes or has made and ticket-api does not know so',
    remedy: `${DEAD_LETTERS}: \`payment.refunded.v1\` or \`payment.refund-failed.v1\`. Replay; until then the buyer is shown the wrong sum.`,
  },
};
