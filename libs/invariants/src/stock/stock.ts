import type { Rule } from '../invariant.js';

export const stock: Rule[] = [
  {
    invariant: 'I1',
    database: 'ticket-api',
    broken: 'stock counters that are out of bounds or do not hold what their orders took',
    remedy:
      'Stop the sale of the event (cancel or close its ticket types) and compare its orders with the counter. If `taken` is too high, seats stay unsold: lower it to `held`. If it is too low or above `capacity`, seats may be sold twice: raise it, then refund or reseat the newest orders.',
    sql: `
      select c.id as "counterId", c.event_id as "eventId", c.capacity, c.taken, coalesce(h.held, 0) as held
      from stock_counters c left join (
        select i.tenant_id, i.counter_id, sum(i.quantity - i.returned) as held
        from order_items i join orders o on o.tenant_id = i.tenant_id and o.id = i.order_id
        where o.status in ('pending', 'confirmed') group by 1, 2
      ) h on h.tenant_id = c.tenant_id and h.counter_id = c.id
      where c.taken <> coalesce(h.held, 0) or c.taken < 0 or c.taken > c.capacity`,
  },
  {
    invariant: 'I1',
    database: 'ticket-api',
    broken: 'stock counters for which more or less is awaited than people wait for',
    remedy:
      'Set `awaited` to `wanted`. Too high: seats are kept from the public for nobody; too low: the public may buy what came back before those who wait.',
    sql: `
      select c.id as "counterId", c.event_id as "eventId", c.awaited, coalesce(w.wanted, 0) as wanted
      from stock_counters c left join (
        select tenant_id, counter_id, sum(quantity) as wanted from waiting_list_entries
        where status = 'waiting' and counted group by 1, 2
      ) w on w.tenant_id = c.tenant_id and w.counter_id = c.id
      where c.awaited <> coalesce(w.wanted, 0)`,
  },
];
