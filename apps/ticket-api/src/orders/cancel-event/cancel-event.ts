import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventCancelled } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { ProblemError } from '@app/problem-details';
import { Database } from '@app/persistence';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { ReadEventFacts } from '../../catalogue/catalogue.module.js';
import { SoldOut } from '../../sold-out/sold-out.module.js';
import { StockStore } from '../stock.store.js';

export class CancelEventCommand {
  constructor(
    readonly tenantId: string,
    readonly eventId: string,
  ) {}
}

/**
 * Sales stop with this transaction: it waits for reservations under way, which hold the event's counters, and those that
 * come later see a cancelled event. Its orders are ended by the sweep. Cancelling again changes nothing.
 */
@CommandHandler(CancelEventCommand)
export class CancelEventHandler implements ICommandHandler<CancelEventCommand> {
  constructor(
    private readonly database: Database,
    private readonly stock: StockStore,
    private readonly soldOut: SoldOut,
    private readonly audit: AuditLog,
    private readonly events: ReadEventFacts,
    private readonly outbox: Outbox,
  ) {}

  async execute({ tenantId, eventId }: CancelEventCommand): Promise<void> {
    await this.database.asTenant(tenantId, async (transaction) => {
      const [event] = await transaction.query<{ over: boolean; status: string }>(
        `select status, ends_at < now() as over from events where id = $1 for no key update`,
        [eventId],
      );
      // The event before its counters, as whoever changes a ticket type does.
      await this.stock.lockCounters(eventId);
      if (event?.over && event.status === 'published')
        throw new ProblemError('event-ended', 'The event is over: refund its orders one by one.');
      const changed = await transaction.execute(
        `update events set status = 'cancelled', cancelled_at = now(), updated_at = now() where id = $1 and status <> 'cancelled'`,
        [eventId],
      );
      if (changed > 0) {
        await this.audit.record({ action: 'event.cancelled', target: { kind: 'event', id: eventId } });
        const wasOnSale = event?.status === 'published';
        if (wasOnSale)
          await this.outbox.add(eventCancelled, { tenantId, data: { event: await this.events.of(eventId) } });
      }
      this.soldOut.changed(eventId);
    });
  }
}
