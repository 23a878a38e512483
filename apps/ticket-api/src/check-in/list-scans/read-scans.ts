import { Injectable } from '@nestjs/common';
import { Id, Instant, type ListScans, type Scan } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database, jsonInstant as instant } from '@app/persistence';
import { z } from 'zod';

export interface ScanPage {
  data: Scan[];
  nextCursor: string | null;
}

interface Row extends Omit<Scan, 'by'> {
  byUser: string | null;
  byKey: string | null;
  byName: string | null;
  /** `recordedAt` to the microsecond. */
  position: string;
}

type Query = Omit<ListScans, 'ticketId'>;
const Position = z.tuple([Instant, Id]);

/** Names are those of today: an account that was erased has none. A scan whose transaction took long may come to stand behind a page that was read already. */
const pageOf = (whose: string) => `
  select s.id, s.scan_id as "scanId", s.ticket_id as "ticketId", s.event_id as "eventId", s.gate,
    coalesce(s.device_id, d.id::text) as "deviceId",
    s.result, s.reason, ${instant('s.scanned_at')} as "scannedAt", ${instant('s.recorded_at')} as "recordedAt",
    ${instant('s.undone_at')} as "undoneAt", s.by_user as "byUser", s.by_key as "byKey", coalesce(u.name, k.name) as "byName",
    to_char(s.recorded_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position
  from gate_scans s
  left join users u on u.id = s.by_user and u.erased_at is null
  left join api_keys k on k.tenant_id = s.tenant_id and k.id = s.by_key
  left join devices d on d.tenant_id = s.tenant_id and d.id = s.by_key
  where ${whose} and ($2::uuid is null or s.ticket_id = $2) and ($3::text is null or s.gate = $3)
    and ($4::text is null or s.result = $4)
    and ($5::timestamptz is null or (s.recorded_at, s.id) < ($5, $6::uuid))
  order by s.recorded_at desc, s.id desc limit $7`;

/** The scan log, newest first. */
@Injectable()
export class ReadScans {
  constructor(private readonly database: Database) {}

  ofEvent(tenantId: string, eventId: string, { ticketId, ...query }: ListScans): Promise<ScanPage> {
    return this.page(tenantId, pageOf('s.event_id = $1'), [eventId, ticketId ?? null], query);
  }

  ofTicket(tenantId: string, ticketId: string, query: Query): Promise<ScanPage> {
    return this.page(tenantId, pageOf('s.ticket_id = $1'), [ticketId, null], query);
  }

  private async page(
    tenantId: string,
    sql: string,
    whose: (string | null)[],
    { limit, cursor, gate, result }: Query,
  ): Promise<ScanPage> {
    const [at = null, id = null] = decodeCursor(cursor, Position) ?? [];
    const rows = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<Row>(sql, [...whose, gate ?? null, result ?? null, at, id, limit + 1]),
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = rows.length > limit && last ? encodeCursor([last.position, last.id]) : null;
    return { data: page.map(toScan), nextCursor };
  }
}

function toScan({ byUser, byKey, byName, position: _, ...scan }: Row): Scan {
  const id = byUser ?? byKey;
  return { ...scan, by: id === null ? null : { kind: byKey ? 'key' : 'person', id, name: byName } };
}
