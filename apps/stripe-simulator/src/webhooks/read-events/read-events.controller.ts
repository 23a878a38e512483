import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { listPage } from '../../api/list.js';
import { hash, list, page, QueryParameters, text } from '../../api/parameters.js';
import { noSuch } from '../../api/stripe-error.js';
import { AccountDatabase } from '../../database/account-database.js';
import { eventObject, type EventObject, type EventRow } from '../event.js';

const ListEvents = hash({ ...page, type: text(100).optional(), types: list(text(100)).optional() }).omit({
  expand: true,
});
type ListEvents = z.infer<typeof ListEvents>;

/** With the number of receivers that have not taken the event yet. */
const EVENTS = `(select event.*, (select count(*) from webhook_delivery d where d.event = event.id and d.state = 'pending')
                 as pending_webhooks from event) event`;
type PendingEvent = EventRow & { pending_webhooks: number };

@Controller('v1/events')
export class ReadEventsController {
  constructor(@Inject(AccountDatabase) private readonly database: AccountDatabase) {}

  @Get()
  list(@Query(new QueryParameters(ListEvents)) { type, types, ...paging }: ListEvents): Promise<object> {
    return this.database.transaction((transaction) =>
      listPage(
        transaction,
        { table: EVENTS, kind: 'event', url: '/v1/events', filter: { type: types ?? type } },
        paging,
        present,
      ),
    );
  }

  @Get(':id')
  retrieve(@Param('id') id: string, @Query(new QueryParameters(hash({}))) _: unknown): Promise<EventObject> {
    return this.database.transaction(async (transaction) => {
      const [event] = await transaction.query<PendingEvent>(`select * from ${EVENTS} where id = $1`, [id]);
      if (!event) throw noSuch('event', id);
      return present(event);
    });
  }
}

const present = (event: PendingEvent): EventObject => eventObject(event, event.pending_webhooks);
