import { Injectable } from '@nestjs/common';
import { isApiKey, type Principal } from '@app/auth';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';
import type { Refusal } from '../check-in.js';

/** Whose scan it was, as the log keeps it: an id of an account or of a key. */
export interface ScannedBy {
  user: string | null;
  key: string | null;
}

export const scannedBy = (who: Principal): ScannedBy =>
  isApiKey(who) ? { user: null, key: who.keyId } : { user: who.userId, key: null };

interface RefusedScan {
  scanId: string | undefined;
  gate: string | undefined;
  reason: Refusal['code'];
  by: ScannedBy;
}

/**
 * Scans that were refused, in the open transaction of their organization. What had an effect is recorded by the statement
 * that had it. The code that was shown is never kept.
 */
@Injectable()
export class ScanLog {
  constructor(private readonly database: Database) {}

  refused(ticket: { id: string; eventId: string }, scan: RefusedScan): Promise<void> {
    return this.write(ticket.eventId, ticket.id, scan);
  }

  /** Of a code that is none of ours, or of a ticket that is not at this event: the ticket is not known. */
  refusedUnknown(eventId: string, scan: RefusedScan): Promise<void> {
    return this.write(eventId, null, scan);
  }

  /** The same where the path names a ticket, which is not the code's. */
  async refusedInstead(ticketId: string, scan: RefusedScan): Promise<void> {
    const [ticket] = await this.database
      .current()
      .query<{ event_id: string }>('select event_id from tickets where id = $1', [ticketId]);
    if (ticket) await this.write(ticket.event_id, null, scan);
  }

  private async write(eventId: string, ticketId: string | null, { scanId, gate, reason, by }: RefusedScan) {
    const transaction = this.database.current();
    await transaction.execute(
      `insert into gate_scans (tenant_id, id, scan_id, ticket_id, event_id, gate, result, reason, by_user, by_key)
       values ($1, $2, $3, $4, $5, $6, 'refused', $7, $8, $9)`,
      [
        ...[transaction.tenantId, uuid(), scanId ?? null, ticketId, eventId, gate ?? null],
        ...[reason, by.user, by.key],
      ],
      'log-refused-scan',
    );
  }
}
