import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CreateTicketType, TicketType } from '@app/contracts';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';
import { EventStore } from '../event.store.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { refuseFaults } from '../field-fault.js';
import { ReadEvent } from '../get-event/read-event.js';
import { currencyMismatch } from '../refusals.js';
import { faultsOfPrice, faultsOfSalesPeriod, mayUseCurrency, newTicketType } from '../ticket-type.js';
import { TicketTypeStore } from '../ticket-type.store.js';

export class CreateTicketTypeCommand {
  constructor(
    readonly tenantId: string,
    readonly eventId: string,
    readonly given: CreateTicketType,
  ) {}
}

/** The event's lock puts two new types in a row, so that they cannot bring two currencies. */
@CommandHandler(CreateTicketTypeCommand)
export class CreateTicketTypeHandler implements ICommandHandler<CreateTicketTypeCommand> {
  constructor(
    private readonly database: Database,
    private readonly events: EventStore,
    private readonly types: TicketTypeStore,
    private readonly view: ReadEvent,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, eventId, given }: CreateTicketTypeCommand): Promise<TicketType> {
    const fields = newTicketType(given);
    refuseFaults([...faultsOfPrice(fields.price), ...faultsOfSalesPeriod(fields)]);
    return this.database.asTenant(tenantId, async () => {
      const event = await this.events.lockOpen(eventId);
      const others = (await this.types.ofEvent(eventId)).map(({ price }) => price.currency);
      const { currency } = fields.price;
      if (!mayUseCurrency(currency, { isDraft: event.status === 'draft' }, null, others))
        throw currencyMismatch(currency);
      const id = uuid();
      await this.types.insert({ id, counterId: uuid(), tenantId, eventId, capacity: given.capacity }, fields);
      const detail = { eventId, name: fields.name, price: fields.price, capacity: given.capacity };
      await this.audit.record({ action: 'ticket-type.created', target: { kind: 'ticket-type', id }, detail });
      return this.view.ticketType(tenantId, eventId, id);
    });
  }
}
