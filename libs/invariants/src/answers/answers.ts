import type { Rule } from '../invariant.js';

export const answers: Rule[] = [
  {
    invariant: 'I7',
    database: 'ticket-api',
    broken: 'recorded answers that tell of something that is not there',
    remedy:
      'A client was promised what is lost: bring the row back from a backup, or tell the person that owns the key.',
    sql: `
      select k.caller_id as "callerId", k.key, k.status, k.id
      from (select caller_id, key, status, body ->> 'id' as id from idempotency_keys
            where status between 200 and 299) k
      where k.id ~ '^[0-9a-f-]{36}$'
        and not exists (select from orders where id::text = k.id)
        and not exists (select from events where id::text = k.id)
        and not exists (select from ticket_types where id::text = k.id)
        and not exists (select from organizations where tenant_id::text = k.id)
        and not exists (select from waiting_list_entries where id::text = k.id)
        and not exists (select from listings where id::text = k.id)
        and not exists (select from invitations where id::text = k.id)
        and not exists (select from transfers where id::text = k.id)
        -- A gate may be gone again: then its making is on record.
        and not exists (select from audit_log_entries where target_kind = 'gate' and target_id::text = k.id)`,
  },
];
