import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { Admission, PresentedCode, RecordedScan, StoredTicket } from './check-in.js';

export interface Entry {
  gate: string | undefined;
  scanId: string | undefined;
}

interface Row {
  event_id: string;
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

  /** The ticket and what was recorded under the scan id, of one moment. */
  async read(
    ticketId: string,
    scanId: string | undefined,
  ): Promise<{ ticket: StoredTicket | undefined; scan: RecordedScan | undefined }> {
    const [row] = await this.database.current().query<Row>(
      `select t.event_id, t.status, t.holder_version, t.checked_in_at, t.gate,
              s.ticket_id as scanned_ticket_id, s.checked_in_at as scanned_at, s.gate as scanned_gate
       from tickets t left join scans s on s.tenant_id = t.tenant_id and s.scan_id = $2
       where t.id = $1`,
      [ticketId, scanId ?? null],
      'read-ticket-at-gate',
    );
    return {
      ticket: row && {
        eventId: row.event_id,
        status: row.status,
        holderVersion: row.holder_version,
        checkedInAt: row.checked_in_at,
        gate: row.gate,
      },
      scan: row?.scanned_ticket_id
        ? { ticketId: row.scanned_ticket_id, checkedInAt: row.scanned_at, gate: row.scanned_gate }
        : undefined,
    };
  }

  /**
   * The one statement that admits: of two gates at once it lets one in. It also records the scan id; `recorded` is false
   * when a scan of another ticket took the same id in this moment. Undefined when the ticket does not admit (any more).
   */
  async admit(
    { ticketId, holderVersion }: PresentedCode,
    { gate, scanId }: Entry,
  ): Promise<(Admission & { recorded: boolean }) | undefined> {
    const [row] = await this.database.current().query<{ checked_in_at: Date; gate: string | null; recorded: boolean }>(
      `with admitted as (
         update tickets set status = 'checked_in', checked_in_at = now(), gate = $3
         where id = $1 and status = 'valid' and holder_version = $2
         returning tenant_id, id, checked_in_at, gate
       ), recorded as (
         insert into scans (tenant_id, scan_id, ticket_id, gate, checked_in_at)
         select tenant_id, $4, id, gate, checked_in_at from admitted where $4::text is not null
         on conflict do nothing returning scan_id
       )
       select checked_in_at, gate, $4::text is null or exists (select from recorded) as recorded from admitted`,
      [ticketId, holderVersion, gate ?? null, scanId ?? null],
      'admit-ticket',
    );
    return row && { checkedInAt: row.checked_in_at, gate: row.gate, recorded: row.recorded };
  }
}
