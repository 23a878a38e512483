import { Injectable } from '@nestjs/common';
import type { Admissions } from '@app/contracts';
import { Database, jsonInstant as instant } from '@app/persistence';
import { sumUp, type Counted } from './sum-up.js';

/** A count is shared by those who ask within so many milliseconds, each event for itself. */
const SHARED_FOR = 1_000;
/** Events whose count is shared. */
const MOST = 1_000;
/** A scan may be seen so many seconds after it was recorded, by its transaction's beginning. */
const LATE = 3;

/** Every ticket of the event is looked at: about 20 ms for 50,000. An index on what changes at a gate would cost each scan more. */
const TICKETS = `
  select t.ticket_type_id as "ticketTypeId", t.status = 'checked_in' as entered,
    case when t.status = 'checked_in' then t.gate end as gate, count(*)::int as tickets,
    count(*) filter (where t.left_at is not null)::int as outside,
    ${instant(`max(t.checked_in_at) filter (where t.status = 'checked_in')`)} as "lastAt"
  from tickets t where t.event_id = $1 and t.status <> 'void' group by 1, 2, 3`;
const TYPES = `select id as "ticketTypeId", name from ticket_types where event_id = $1 order by id`;
const REFUSED = `select count(*)::int as refused, ${instant('now()')} as at from gate_scans where event_id = $1 and result = 'refused'`;

/** How many have entered an event. */
@Injectable()
export class CountAdmissions {
  private readonly shared = new Map<string, { counted: Promise<Admissions>; at: number }>();

  constructor(private readonly database: Database) {}

  /** At most a second old. */
  of(tenantId: string, eventId: string): Promise<Admissions> {
    const now = performance.now();
    const known = this.shared.get(eventId);
    if (known && now - known.at < SHARED_FOR) return known.counted;
    if (this.shared.size >= MOST) this.shared.clear();
    const counted = this.now(tenantId, eventId);
    this.shared.set(eventId, { counted, at: now });
    counted.catch(() => this.shared.delete(eventId));
    return counted;
  }

  now(tenantId: string, eventId: string): Promise<Admissions> {
    return this.database.asTenant(tenantId, async (transaction) => {
      const [tickets, types, [refusals]] = await Promise.all([
        transaction.query<Counted>(TICKETS, [eventId], 'count-admissions'),
        transaction.query<{ ticketTypeId: string; name: string }>(TYPES, [eventId]),
        transaction.query<{ refused: number; at: string }>(REFUSED, [eventId], 'count-refusals'),
      ]);
      return { eventId, ...sumUp(tickets, types), refused: refusals!.refused, at: refusals!.at };
    });
  }

  /** Whether a scan was recorded a moment ago: then the numbers may have changed. */
  hasMoved(tenantId: string, eventId: string): Promise<boolean> {
    return this.database.asTenant(tenantId, async (transaction) => {
      const rows = await transaction.query(
        'select from gate_scans where event_id = $1 and recorded_at > now() - make_interval(secs => $2) limit 1',
        [eventId, LATE],
        'has-moved-at-gates',
      );
      return rows.length > 0;
    });
  }
}
