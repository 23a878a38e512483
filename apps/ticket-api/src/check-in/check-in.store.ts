import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { Admission, PresentedCode, RecordedScan, StoredTicket } from './check-in.js';

export interface Entry {
  gate: string | undefined;
  scanId: string | undefined;
}

/** Of one moment. */
interface Stored {
  ticket: StoredTicket | undefined;
  scan: RecordedScan | undefined;
  /** When the transaction began, by the database's clock. */
  now: Date;
}

interface Row {
  now: Date;
  /** Null: there is no such ticket. */
  event_id: string | null;
  oldest: number;
  current: number;
  status: StoredTicket['status'];
  holder_version: number;
  checked_in_at: Date | null;
  gate: string | null;
  scanned_ticket_id: string | null;
  scanned_at: Date;
  scanned_gate: string | null;
}

/** Tickets at the gate, inside the open transaction of their organization. */
@Injectable()
export class CheckInStore {
  constructor(private readonly database: Database) {}

  /** The ticket and what was recorded under the scan id. */
  async read(ticketId: string, scanId: string | undefined): Promise<Stored> {
    const [row] = await this.database.current().query<Row>(
      `select clock.now, t.event_id, t.status, t.holder_version, t.checked_in_at, t.gate,
              e.oldest_code_generation as oldest, e.code_generation as current,
              s.ticket_id as scanned_ticket_id, s.checked_in_at as scanned_at, s.gate as scanned_gate
       from (select now() as now) clock left join tickets t on t.id = $1
       left join events e on e.tenant_id = t.tenant_id and e.id = t.event_id
       left join scans s on s.tenant_id = t.tenant_id and s.scan_id = $2`,
      [ticketId, scanId ?? null],
      'read-ticket-at-gate',
    );
    if (!row) throw new Error('The clock has no row.');
    return { ticket: ticketOf(row), scan: scanOf(row), now: row.now };
  }

  /**
   * The one statement that admits: of two gates at once it lets one in. It also records the scan id; `recorded` is false
   * when a scan of another ticket took the same id in this moment. Undefined when the ticket does not admit (any more).
   */
  async admit(
    { ticketId, holderVersion, generation }: PresentedCode,
    { gate, scanId }: Entry,
  ): Promise<(Admission & { recorded: boolean }) | undefined> {
    const [row] = await this.database.current().query<{ checked_in_at: Date; gate: string | null; recorded: boolean }>(
      `with admitted as (
         update tickets set status = 'checked_in', checked_in_at = now(), gate = $3
         where id = $1 and status = 'valid' and holder_version = $2 and exists (
           select from events e where e.tenant_id = tickets.tenant_id and e.id = tickets.event_id
             and $5 between e.oldest_code_generation and e.code_generation)
         returning tenant_id, id, checked_in_at, gate
       ), recorded as (
         insert into scans (tenant_id, scan_id, ticket_id, gate, checked_in_at)
         select tenant_id, $4, id, gate, checked_in_at from admitted where $4::text is not null
         on conflict do nothing returning scan_id
       )
       select checked_in_at, gate, $4::text is null or exists (select from recorded) as recorded from admitted`,
      [ticketId, holderVersion, gate ?? null, scanId ?? null, generation],
      'admit-ticket',
    );
    return row && { checkedInAt: row.checked_in_at, gate: row.gate, recorded: row.recorded };
  }
}

const ticketOf = (row: Row): StoredTicket | undefined =>
  row.event_id === null
    ? undefined
    : {
        eventId: row.event_id,
        status: row.status,
        holderVersion: row.holder_version,
        generations: { oldest: row.oldest, current: row.current },
        checkedInAt: row.checked_in_at,
        gate: row.gate,
      };

const scanOf = (row: Row): RecordedScan | undefined =>
  row.scanned_ticket_id === null
    ? undefined
    : { ticketId: row.scanned_ticket_id, checkedInAt: row.scanned_at, gate: row.scanned_gate };
