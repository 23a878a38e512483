import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CreateEvent, EventView } from '@app/contracts';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';
import { EventStore } from '../event.store.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { ReadEvent } from '../get-event/read-event.js';

export class CreateEventCommand {
  constructor(
    readonly tenantId: string,
    readonly given: CreateEvent,
  ) {}
}

@CommandHandler(CreateEventCommand)
export class CreateEventHandler implements ICommandHandler<CreateEventCommand> {
  constructor(
    private readonly database: Database,
    private readonly events: EventStore,
    private readonly view: ReadEvent,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, given }: CreateEventCommand): Promise<EventView> {
    const { title, description = null, terms = null, venue, timezone } = given;
    const { startsAt, endsAt, refundableUntil = startsAt } = given;
    const { transfersAllowed = true, reentryAllowed = false, waitingList = false, resaleAllowed = false } = given;
    const times = {
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
      refundableUntil: new Date(refundableUntil),
    };
    return this.database.asTenant(tenantId, async () => {
      const id = uuid();
      await this.events.insertDraft(id, tenantId, {
        ...{ title, description, terms, venue, timezone, transfersAllowed, reentryAllowed, waitingList, resaleAllowed },
        ...times,
      });
      await this.audit.record({ action: 'event.created', target: { kind: 'event', id } });
      return this.view.byOrganizer(tenantId, id);
    });
  }
}
