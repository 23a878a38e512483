import type { Rule } from '../invariant.js';

const invariant = 'I5';
const database = 'ticket-api';
const remedy =
  'Tell the gates of this event: somebody may have entered with a copy. The scans say at which gate and when.';

export const admissions: Rule[] = [
  {
    invariant,
    database,
    broken: 'tickets that were admitted more than once',
    remedy,
    sql: `
      select ticket_id as "ticketId", count(*) as admissions, min(checked_in_at) as first, max(checked_in_at) as last
      from scans group by tenant_id, ticket_id having count(*) > 1`,
  },
  {
    invariant,
    database,
    broken: 'tickets that were admitted and would be admitted again',
    remedy,
    sql: `
      select t.id as "ticketId", t.status, s.gate, s.checked_in_at as "admittedAt"
      from scans s join tickets t on t.tenant_id = s.tenant_id and t.id = s.ticket_id
      where t.status in ('valid', 'frozen') or t.status = 'checked_in' and t.checked_in_at <> s.checked_in_at`,
  },
];
