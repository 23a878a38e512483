import type { Rule } from '../invariant.js';

const invariant = 'I12';
const database = 'ticket-api';

/** Who holds a ticket follows from who bought it and from the transfers that were accepted; each makes the codes before it worthless. */
export const holders: Rule[] = [
  {
    invariant,
    database,
    broken: 'tickets that somebody holds who neither bought them nor was the last to accept them',
    remedy:
      'Something other than the service wrote the ticket: the last accepted transfer, or the order, says whose it is.',
    sql: `
      select t.id as "ticketId", t.holder_id as "holderId", coalesce(last.to_user, o.user_id) as "wouldHold"
      from tickets t join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
      left join lateral (
        select x.to_user from transfers x where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.status = 'accepted'
        order by x.holder_version desc limit 1
      ) last on true
      where t.holder_id <> coalesce(last.to_user, o.user_id)`,
  },
  {
    invariant,
    database,
    broken:
      'tickets whose version does not count how often they changed hands, were given for resale and were given back: codes that should be dead admit, or good ones do not',
    remedy: 'Set the version of the ticket to `versions`, and tell the holder to fetch the code again.',
    sql: `
      select t.id as "ticketId", t.status, t.holder_version as version, w.versions
      from tickets t, lateral (
        select 1 + count(*)::int + case t.status when 'void' then 1 else 0 end
               + (select count(*)::int from listings l where l.tenant_id = t.tenant_id and l.ticket_id = t.id) as versions
        from transfers x where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.status = 'accepted'
      ) w
      where t.holder_version <> w.versions`,
  },
  {
    invariant,
    database,
    broken: 'open offers of tickets that are not valid, or not of who offers them',
    remedy: 'Nobody can accept them: withdraw them, and find out who wrote the ticket past the service.',
    sql: `
      select x.id as "transferId", x.ticket_id as "ticketId", t.status, t.holder_id as "holderId", x.from_user as "from"
      from transfers x join tickets t on t.tenant_id = x.tenant_id and t.id = x.ticket_id
      where x.status = 'pending' and (t.status <> 'valid' or t.holder_id <> x.from_user or t.holder_version <> x.holder_version)`,
  },
];
