import type { Rule } from '../invariant.js';

const database = 'ticket-api';

/** Whoever gave a ticket back for resale has the ticket, or its money, and nobody has both. */
export const resale: Rule[] = [
  {
    invariant: 'I2',
    database,
    broken: 'listings whose ticket is not what they say',
    remedy:
      'Listed: the ticket is `listed` and has no refund. Sold: it is void and has one. Else it is not `listed`, unless it was listed again. Give the seller the one that is missing, or stop the refund.',
    sql: `
      select l.id as "listingId", l.status, t.id as "ticketId", t.status as "ticketStatus", t.refund_id as "refundId"
      from listings l join tickets t on t.tenant_id = l.tenant_id and t.id = l.ticket_id
      where case l.status
        when 'listed' then t.status <> 'listed' or t.refund_id is not null
        when 'sold' then t.status <> 'void' or t.refund_id is null
        else t.status = 'listed' and not exists (
          select from listings n where n.tenant_id = t.tenant_id and n.ticket_id = t.id and n.status = 'listed') end`,
  },
  {
    invariant: 'I2',
    database,
    broken: 'tickets that are up for resale without a listing',
    remedy:
      'Their holders have neither ticket nor money: make them valid again if their unit is free, else refund them.',
    sql: `
      select t.id as "ticketId", t.order_id as "orderId" from tickets t
      where t.status = 'listed' and not exists (
        select from listings l where l.tenant_id = t.tenant_id and l.ticket_id = t.id and l.status = 'listed')`,
  },
  {
    invariant: 'I13',
    database,
    broken: 'counters of which more is paid for and listed than there is',
    remedy:
      "Somebody has paid for what a seller gave back, and the seller is not paid: ticket-api's timer does not run; its log says why.",
    sql: `
      select c.id as "counterId", c.event_id as "eventId", c.capacity, coalesce(p.paid, 0) as paid, l.listed
      from stock_counters c
      join (
        select tenant_id, counter_id, count(*) as listed from listings where status = 'listed' group by 1, 2
      ) l on l.tenant_id = c.tenant_id and l.counter_id = c.id
      join events e on e.tenant_id = c.tenant_id and e.id = c.event_id and e.status <> 'cancelled'
      left join (
        select i.tenant_id, i.counter_id, sum(i.quantity - i.returned) as paid
        from order_items i join orders o on o.tenant_id = i.tenant_id and o.id = i.order_id where o.status = 'confirmed' group by 1, 2
      ) p on p.tenant_id = c.tenant_id and p.counter_id = c.id
      where coalesce(p.paid, 0) + l.listed > c.capacity`,
  },
];
