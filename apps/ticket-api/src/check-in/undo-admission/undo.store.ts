import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';
import type { RecordedScan } from '../check-in.js';
import { ScanIdTaken } from '../check-in.store.js';
import type { ScannedBy } from '../scan-log/scan-log.js';

interface Undone {
  eventId: string;
  checkedInAt: Date;
  gate: string | null;
}

/** Admissions that are taken back, inside the open transaction of their organization. */
@Injectable()
export class UndoStore {
  constructor(private readonly database: Database) {}

  async scanOf(scanId: string): Promise<Pick<RecordedScan, 'ticketId' | 'result'> | undefined> {
    const [scan] = await this.database
      .current()
      .query<Pick<RecordedScan, 'ticketId' | 'result'>>(
        `select ticket_id as "ticketId", result from gate_scans where scan_id = $1 and result <> 'refused'`,
        [scanId],
      );
    return scan;
  }

  /** Refunds and disputes of the order wait, and the undo waits for theirs: a disputed ticket must not become valid. */
  async lockOrderOf(ticketId: string): Promise<void> {
    await this.database
      .current()
      .query('select from orders where id = (select order_id from tickets where id = $1) for no key update', [
        ticketId,
      ]);
  }

  /** Undefined when nobody has entered, or the money went back for a used ticket. @throws ScanIdTaken */
  async undo(
    ticketId: string,
    { reason, scanId, by }: { reason: string; scanId: string | undefined; by: ScannedBy },
  ): Promise<Undone | undefined> {
    const [row] = await this.database.current().query<Undone & { recorded: boolean }>(
      `with entered as (
         select tenant_id, id, checked_in_at, gate from tickets where id = $1 for no key update
       ), undone as (
         update tickets t set checked_in_at = null, gate = null, left_at = null,
           status = case when exists (
             select from disputes d join orders o on o.tenant_id = d.tenant_id and o.payment_id = d.payment_id
             where d.order_id = t.order_id and o.id = t.order_id and d.status <> 'won'
           ) then 'frozen' else 'valid' end
         from entered where t.tenant_id = entered.tenant_id and t.id = entered.id and t.status = 'checked_in' and t.refund_id is null
         returning t.tenant_id, t.id, t.event_id, entered.checked_in_at, entered.gate
       ), taken_back as (
         update gate_scans s set undone_at = now() from undone
         where s.tenant_id = undone.tenant_id and s.ticket_id = undone.id
           and s.result in ('admitted', 'readmitted') and s.undone_at is null
       ), recorded as (
         insert into gate_scans (tenant_id, id, scan_id, ticket_id, event_id, gate, result, reason, by_user, by_key)
         select tenant_id, $2, $3, id, event_id, gate, 'undone', $4, $5, $6 from undone
         on conflict do nothing returning id
       )
       select event_id as "eventId", checked_in_at as "checkedInAt", gate, exists (select from recorded) as recorded from undone`,
      [ticketId, uuid(), scanId ?? null, reason, by.user, by.key],
      'undo-admission',
    );
    if (row?.recorded === false) throw new ScanIdTaken();
    return row;
  }

  async wasPaidBack(ticketId: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .query(`select from tickets where id = $1 and status = 'checked_in' and refund_id is not null`, [ticketId]);
    return rows.length > 0;
  }
}
