import { Injectable } from '@nestjs/common';
import type { CheckinManifest, ManifestTicket } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';

/** What holds for the whole event, and the moment as transactions see it. */
export interface ManifestRules {
  now: Date;
  /** The oldest transaction that is running: whatever changes from now on is changed by it or a later one. */
  oldestRunning: string;
  /** Which history of which server the numbers of transactions belong to: it differs after a restore from a backup. */
  history: string;
  reentryAllowed: boolean;
  current: number;
  oldest: number;
  gates: CheckinManifest['gates'];
  ticketTypes: CheckinManifest['ticketTypes'];
}

interface TicketRow {
  id: string;
  holder_version: number;
  ticket_type_id: string;
  status: ManifestTicket['status'];
  checked_in_at: Date | null;
  gate: string | null;
  left_at: Date | null;
}

/** What gates judge by without network, inside the open transaction of the event's organization. */
@Injectable()
export class ManifestStore {
  constructor(private readonly database: Database) {}

  /** @throws ProblemError `not-found` */
  async rules(eventId: string): Promise<ManifestRules> {
    const [row] = await this.database.current().query<ManifestRules>(
      `select now(), pg_snapshot_xmin(pg_current_snapshot())::text as "oldestRunning", ${HISTORY} as history,
         e.reentry_allowed as "reentryAllowed", e.code_generation as current, e.oldest_code_generation as oldest,
         (select coalesce(json_agg(json_build_object('name', g.name, 'ticketTypeIds', g.ticket_type_ids) order by g.key), '[]')
          from gates g where g.tenant_id = e.tenant_id and g.event_id = e.id) as gates,
         (select coalesce(json_agg(json_build_object('id', y.id, 'name', y.name) order by y.id), '[]')
          from ticket_types y where y.tenant_id = e.tenant_id and y.event_id = e.id) as "ticketTypes"
       from events e where e.id = $1`,
      [eventId],
      'rules-of-manifest',
    );
    if (!row) throw notFound('The event');
    return row;
  }

  /** Tickets that may be used or were. */
  all(eventId: string, after: string | null, limit: number): Promise<ManifestTicket[]> {
    return this.read(`and status in ('valid', 'checked_in')`, [eventId, after, limit], 'tickets-of-manifest');
  }

  /** Tickets that this transaction or a later one has changed, of whatever status. */
  changedSince(eventId: string, since: string, after: string | null, limit: number): Promise<ManifestTicket[]> {
    return this.read('and changed_in >= $4::text::xid8', [eventId, after, limit, since], 'changes-of-manifest');
  }

  private async read(which: string, parameters: unknown[], name: string): Promise<ManifestTicket[]> {
    const rows = await this.database.current().query<TicketRow>(
      `select id, holder_version, ticket_type_id, status, checked_in_at, gate, left_at from tickets
       where event_id = $1 and ($2::uuid is null or id > $2) ${which} order by id limit $3`,
      parameters,
      name,
    );
    return rows.map(toManifestTicket);
  }
}

/** Whoever may not know the server's identity goes by the timeline alone. */
const HISTORY = `concat_ws('-', substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
  case when has_function_privilege('pg_control_system()', 'execute') then (select system_identifier from pg_control_system()) end)`;

const toManifestTicket = (row: TicketRow): ManifestTicket => ({
  ...{ id: row.id, holderVersion: row.holder_version, ticketTypeId: row.ticket_type_id, status: row.status },
  ...(row.checked_in_at && { checkedInAt: row.checked_in_at.toISOString() }),
  ...(row.checked_in_at && row.gate !== null && { gate: row.gate }),
  ...(row.left_at && { outside: true }),
});
