import { Injectable } from '@nestjs/common';
import type { Ticket } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { TICKET_COLUMNS, toTicket, type TicketRow } from '../ticket-view.js';

/** One ticket as clients see it. */
@Injectable()
export class ReadTicket {
  constructor(private readonly database: Database) {}

  /** Inside the open transaction of the ticket's tenant, or in one of its own. */
  byId(tenantId: string, ticketId: string): Promise<Ticket> {
    return this.database.asTenant(tenantId, async (transaction) => {
      const [row] = await transaction.query<TicketRow>(
        `select ${TICKET_COLUMNS} from tickets t join users holder on holder.id = t.holder_id where t.id = $1`,
        [ticketId],
      );
      if (!row) throw notFound('The ticket');
      return toTicket(row);
    });
  }
}
