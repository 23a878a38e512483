import { Injectable } from '@nestjs/common';
import { ticketTransferEnded } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { EVENT_FACTS, toEventFacts, type EventRow } from './transfer-row.js';

interface Ended extends EventRow {
  id: string;
  ticket_id: string;
  to_email: string | null;
  status: 'declined' | 'withdrawn' | 'expired';
  reason: string;
  giver: { id: string; name: string; email: string };
}

/** Tells of offers that came to nothing, each once, in the open transaction of their tenant. */
@Injectable()
export class TellEnded {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async of(ids: readonly string[]): Promise<void> {
    const transaction = this.database.current();
    const ended = await transaction.query<Ended>(
      `with told as (
         update transfers set told_at = now() where id = any($1) and status <> 'pending' and told_at is null returning *
       )
       select told.id, told.ticket_id, told.to_email, told.status, told.reason, ${EVENT_FACTS},
         json_build_object('id', giver.id, 'name', giver.name, 'email', giver.email) as giver
       from told join events e on e.tenant_id = told.tenant_id and e.id = told.event_id
       join users giver on giver.id = told.from_user order by told.id`,
      [ids],
    );
    await this.outbox.addAll(
      ticketTransferEnded,
      ended.map((row) => ({
        tenantId: transaction.tenantId!,
        data: {
          ...{ transferId: row.id, ticketId: row.ticket_id, event: toEventFacts(row), from: row.giver },
          ...{ email: row.to_email, status: row.status, reason: row.reason },
        },
      })),
    );
  }
}
