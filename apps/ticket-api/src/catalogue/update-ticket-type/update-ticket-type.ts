import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { TicketType, UpdateTicketType } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { AuditLog, changesBetween } from '../../audit-log/audit-log.module.js';
import { SoldOut } from '../../sold-out/sold-out.module.js';
import { EventStore } from '../event.store.js';
import { refuseFaults } from '../field-fault.js';
import { ReadEvent } from '../get-event/read-event.js';
import { capacityBelowCommitted, currencyMismatch } from '../refusals.js';
import { changeTicketType, faultsOfPrice, faultsOfSalesPeriod, mayUseCurrency } from '../ticket-type.js';
import { TicketTypeStore } from '../ticket-type.store.js';

export class UpdateTicketTypeCommand {
  constructor(
    readonly tenantId: string,
    readonly eventId: string,
    readonly typeId: string,
    readonly given: UpdateTicketType,
  ) {}
}

/** The counter comes last: every buyer waits for it. */
@CommandHandler(UpdateTicketTypeCommand)
export class UpdateTicketTypeHandler implements ICommandHandler<UpdateTicketTypeCommand> {
  constructor(
    private readonly database: Database,
    private readonly events: EventStore,
    private readonly types: TicketTypeStore,
    private readonly view: ReadEvent,
    private readonly soldOut: SoldOut,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, eventId, typeId, given }: UpdateTicketTypeCommand): Promise<TicketType> {
    if (given.price) refuseFaults(faultsOfPrice(given.price));
    return this.database.asTenant(tenantId, async () => {
      const event = await this.events.lockOpen(eventId);
      const all = await this.types.ofEvent(eventId);
      const type = all.find(({ id }) => id === typeId);
      if (!type) throw notFound('The ticket type');
      const changed = changeTicketType(type, given);
      refuseFaults(faultsOfSalesPeriod(changed));
      const { currency } = changed.price;
      const others = all.filter(({ id }) => id !== typeId).map(({ price }) => price.currency);
      if (!mayUseCurrency(currency, { isDraft: event.status === 'draft' }, type.price.currency, others))
        throw currencyMismatch(currency);
      await this.types.update(typeId, changed);
      const capacity = await this.types.capacityOf(type.counterId);
      await this.audit.record({
        action: 'ticket-type.updated',
        target: { kind: 'ticket-type', id: typeId },
        detail: {
          eventId,
          ...changesBetween({ ...type, capacity }, { ...changed, capacity: given.capacity ?? capacity }),
        },
      });
      if (given.capacity !== undefined && !(await this.types.setCapacity(type.counterId, given.capacity)))
        throw capacityBelowCommitted(given.capacity);
      this.soldOut.changed(eventId);
      return this.view.ticketType(tenantId, eventId, typeId);
    });
  }
}
