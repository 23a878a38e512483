import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';
import type { Admission, EntryRules, PresentedCode, RecordedScan, StoredTicket } from './check-in.js';
import type { GateRule } from './gates/gate.js';
import type { ScannedBy } from './scan-log/scan-log.js';

/** A scan that had an effect, as the log keeps it. `gate`: as the event spells it. */
export interface Scan {
  gate: string | null;
  scanId: string | undefined;
  by: ScannedBy;
}

export interface AtGate {
  ticket: StoredTicket | undefined;
  rules: EntryRules;
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
  ticket_type_id: string;
  status: StoredTicket['status'];
  holder_version: number;
  checked_in_at: Date | null;
  gate: string | null;
  left_at: Date | null;
  reentry_allowed: boolean;
  gates: GateRule[];
  scanned_ticket_id: string | null;
  scan_result: RecordedScan['result'];
  scanned_at: Date;
  scanned_gate: string | null;
  undone_at: Date | null;
}

/** Another scan took the same id in this moment: the transaction has to be undone. */
export class ScanIdTaken extends Error {}

/** Tickets at the gate, inside the open transaction of their organization. */
@Injectable()
export class CheckInStore {
  constructor(private readonly database: Database) {}

  /** The ticket, the rules of its event, and what was recorded under the scan id, of one moment. */
  async read(ticketId: string, scanId: string | undefined): Promise<AtGate> {
    const [row] = await this.database.current().query<Row>(
      `select clock.now, t.event_id, t.ticket_type_id, t.status, t.holder_version, t.checked_in_at, t.gate, t.left_at,
              e.oldest_code_generation as oldest, e.code_generation as current, e.reentry_allowed,
              array(select json_build_object('name', g.name, 'key', g.key, 'ticketTypeIds', g.ticket_type_ids)
                from gates g where g.tenant_id = t.tenant_id and g.event_id = t.event_id order by g.key) as gates,
              s.ticket_id as scanned_ticket_id, s.result as scan_result, s.scanned_at, s.gate as scanned_gate, s.undone_at
       from (select now() as now) clock left join tickets t on t.id = $1
       left join events e on e.tenant_id = t.tenant_id and e.id = t.event_id
       left join gate_scans s on s.tenant_id = t.tenant_id and s.scan_id = $2
         and s.result not in ('refused', 'conflict')`,
      [ticketId, scanId ?? null],
      'read-ticket-at-gate',
    );
    if (!row) throw new Error('The clock has no row.');
    const rules = { reentryAllowed: row.reentry_allowed, gates: row.gates };
    return { ticket: ticketOf(row), rules, scan: scanOf(row), now: row.now };
  }

  /**
   * The one statement that admits: of two gates at once it lets one in, and it writes the log. Undefined when the ticket
   * does not admit (any more).
   * @throws ScanIdTaken
   */
  async admit(code: PresentedCode, scan: Scan): Promise<Admission | undefined> {
    const at = await this.record(ADMIT, 'admit-ticket', code, scan);
    return at && { checkedInAt: at, gate: scan.gate };
  }

  /** Who was let out comes back. Undefined when the holder is not outside (any more). @throws ScanIdTaken */
  async readmit(code: PresentedCode, scan: Scan): Promise<Admission | undefined> {
    const at = await this.record(READMIT, 'readmit-ticket', code, scan);
    return at && { checkedInAt: at, gate: scan.gate };
  }

  /** Undefined when the holder is not inside (any more). @throws ScanIdTaken */
  letOut(code: PresentedCode, scan: Scan): Promise<Date | undefined> {
    return this.record(LET_OUT, 'let-ticket-out', code, scan);
  }

  private async record(
    sql: string,
    name: string,
    { ticketId, holderVersion, generation }: PresentedCode,
    { gate, scanId, by }: Scan,
  ): Promise<Date | undefined> {
    const [row] = await this.database
      .current()
      .query<{ at: Date; recorded: boolean }>(
        sql,
        [ticketId, holderVersion, gate, uuid(), scanId ?? null, by.user, by.key, generation],
        name,
      );
    if (row?.recorded === false) throw new ScanIdTaken();
    return row?.at;
  }
}

const ticketOf = (row: Row): StoredTicket | undefined =>
  row.event_id === null
    ? undefined
    : {
        eventId: row.event_id,
        ticketTypeId: row.ticket_type_id,
        status: row.status,
        holderVersion: row.holder_version,
        generations: { oldest: row.oldest, current: row.current },
        checkedInAt: row.checked_in_at,
        gate: row.gate,
        leftAt: row.left_at,
      };

const scanOf = (row: Row): RecordedScan | undefined =>
  row.scanned_ticket_id === null
    ? undefined
    : {
        ticketId: row.scanned_ticket_id,
        result: row.scan_result,
        scannedAt: row.scanned_at,
        gate: row.scanned_gate,
        undoneAt: row.undone_at,
      };

/** @param change of the ticket and @param condition, beside that the code is of its present holder and its key was not revoked */
const changeAndLog = (result: 'admitted' | 'readmitted' | 'left', change: string, condition: string) => `
  with changed as (
    update tickets set ${change} where id = $1 and holder_version = $2 and ${condition} and exists (
      select from events e where e.tenant_id = tickets.tenant_id and e.id = tickets.event_id
        and $8 between e.oldest_code_generation and e.code_generation)
    returning tenant_id, id, event_id
  ), recorded as (
    insert into gate_scans (tenant_id, id, scan_id, ticket_id, event_id, gate, result, scanned_at, by_user, by_key)
    select tenant_id, $4, $5, id, event_id, $3, '${result}', now(), $6, $7 from changed
    on conflict do nothing returning id
  )
  select now() as at, exists (select from recorded) as recorded from changed`;

const ENTERS = 'checked_in_at = now(), gate = $3';
const ADMIT = changeAndLog('admitted', `status = 'checked_in', ${ENTERS}`, `status = 'valid'`);
const READMIT = changeAndLog(
  'readmitted',
  `left_at = null, ${ENTERS}`,
  `status = 'checked_in' and left_at is not null`,
);
const LET_OUT = changeAndLog('left', 'left_at = now()', `status = 'checked_in' and left_at is null`);
