import type { Rule } from '../invariant.js';

const invariant = 'I4';
const database = 'ticket-api';

export const unpaidTickets: Rule[] = [
  {
    invariant,
    database,
    broken: 'tickets of orders that nobody confirmed',
    remedy: 'Nobody paid for them: make them void, and look for who wrote them.',
    sql: `
      select t.id as "ticketId", t.status, o.id as "orderId", o.status as "orderStatus"
      from tickets t join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
      where o.confirmed_how is null`,
  },
  {
    invariant,
    database,
    broken: 'orders that were confirmed as paid without a payment, or as free with a price',
    remedy: 'Ask the provider whether there is money for the order. If not, make its tickets void.',
    sql: `
      select id as "orderId", status, confirmed_how as "confirmedHow", total, payment_id as "paymentId" from orders
      where confirmed_how = 'paid' and payment_id is null or confirmed_how = 'free' and total > 0`,
  },
];
