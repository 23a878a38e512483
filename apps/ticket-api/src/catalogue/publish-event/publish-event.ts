import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventView } from '@app/contracts';
import { Database } from '@app/persistence';
import { decidePublication } from '../event.js';
import { EventStore } from '../event.store.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { ReadEvent } from '../get-event/read-event.js';
import { eventEnded } from '../refusals.js';

export class PublishEventCommand {
  constructor(
    readonly tenantId: string,
    readonly eventId: string,
  ) {}
}

/** An event may be announced before its first ticket type exists. */
@CommandHandler(PublishEventCommand)
export class PublishEventHandler implements ICommandHandler<PublishEventCommand> {
  constructor(
    private readonly database: Database,
    private readonly events: EventStore,
    private readonly view: ReadEvent,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, eventId }: PublishEventCommand): Promise<EventView> {
    return this.database.asTenant(tenantId, async () => {
      const decision = decidePublication(await this.events.lock(eventId));
      if (decision === 'ended') throw eventEnded();
      if (decision === 'publish') {
        await this.events.publish(eventId);
        await this.audit.record({ action: 'event.published', target: { kind: 'event', id: eventId } });
      }
      return this.view.byOrganizer(tenantId, eventId);
    });
  }
}
