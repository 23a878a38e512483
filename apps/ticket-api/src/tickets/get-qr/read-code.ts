import { Injectable } from '@nestjs/common';
import type { Ticket } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { refuseUnusable } from '../refuse-unusable.js';
import { TicketCodes } from '../ticket-codes.js';

interface CodeRow {
  eventId: string;
  holderVersion: number;
  status: Ticket['status'];
}

/** The code of a ticket, made anew at every call: it is stored nowhere. */
@Injectable()
export class ReadCode {
  constructor(
    private readonly database: Database,
    private readonly codes: TicketCodes,
  ) {}

  /** @throws 409 `ticket-void`, `ticket-frozen`. */
  async ofTicket(tenantId: string, ticketId: string): Promise<string> {
    const [row] = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<CodeRow>(
        'select event_id as "eventId", holder_version as "holderVersion", status from tickets where id = $1',
        [ticketId],
      ),
    );
    if (!row) throw notFound('The ticket');
    refuseUnusable(row.status);
    return this.codes.sign({ ticketId, eventId: row.eventId, holderVersion: row.holderVersion });
  }
}
