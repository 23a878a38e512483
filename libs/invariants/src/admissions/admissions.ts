import type { Rule } from '../invariant.js';

const invariant = 'I5';
const database = 'ticket-api';
const remedy =
  'Tell the gates of this event: somebody may have entered with a copy. The scans say at which gate and when.';

export const admissions: Rule[] = [
  {
    invariant,
    database,
    broken: 'tickets that were admitted more than once, without an undo between',
    remedy,
    sql: `
      select ticket_id as "ticketId", count(*) as admissions, min(scanned_at) as first, max(scanned_at) as last
      from gate_scans where result = 'admitted' and undone_at is null
      group by tenant_id, ticket_id having count(*) > 1`,
  },
  {
    invariant,
    database,
    broken: 'tickets that were admitted and would be admitted again',
    remedy,
    sql: `
      select t.id as "ticketId", t.status, s.gate, s.scanned_at as "admittedAt"
      from (
        select distinct on (tenant_id, ticket_id) tenant_id, ticket_id, gate, scanned_at from gate_scans
        where result in ('admitted', 'readmitted') and undone_at is null
        order by tenant_id, ticket_id, scanned_at desc
      ) s join tickets t on t.tenant_id = s.tenant_id and t.id = s.ticket_id
      where t.status in ('valid', 'frozen') or t.status = 'checked_in' and t.checked_in_at <> s.scanned_at`,
  },
  {
    invariant,
    database,
    broken: 'admissions that were taken back without a word of why',
    remedy: 'Ask the staff of this event who may enter with these tickets. Nothing of the platform does that.',
    sql: `
      select s.ticket_id as "ticketId", s.gate, s.scanned_at as "admittedAt", s.undone_at as "undoneAt"
      from gate_scans s
      where s.undone_at is not null and not exists (
        select from gate_scans u where u.tenant_id = s.tenant_id and u.ticket_id = s.ticket_id
          and u.result = 'undone' and u.recorded_at = s.undone_at)`,
  },
];
