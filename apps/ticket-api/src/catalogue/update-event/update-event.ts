import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventView, UpdateEvent } from '@app/contracts';
import { Database } from '@app/persistence';
import { CONFIG, type Config } from '../../config.js';
import { AuditLog, changesBetween, withoutTexts } from '../../audit-log/audit-log.module.js';
import { change, faultsOfTimes, isNews } from '../event.js';
import { SoldOut } from '../../sold-out/sold-out.module.js';
import { EventStore } from '../event.store.js';
import { refuseFaults } from '../field-fault.js';
import { ReadEvent } from '../get-event/read-event.js';

export class UpdateEventCommand {
  constructor(
    readonly tenantId: string,
    readonly eventId: string,
    readonly given: UpdateEvent,
  ) {}
}

@CommandHandler(UpdateEventCommand)
export class UpdateEventHandler implements ICommandHandler<UpdateEventCommand> {
  constructor(
    private readonly database: Database,
    private readonly events: EventStore,
    private readonly view: ReadEvent,
    private readonly soldOut: SoldOut,
    private readonly audit: AuditLog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  execute({ tenantId, eventId, given }: UpdateEventCommand): Promise<EventView> {
    return this.database.asTenant(tenantId, async () => {
      const event = await this.events.lockOpen(eventId);
      const changed = change(event, given);
      refuseFaults(faultsOfTimes(changed, given));
      await this.events.update(eventId, changed);
      if (event.status === 'published' && given.notify !== false && isNews(event, changed))
        await this.events.noteChange(eventId, event, this.config.eventChangeSeconds);
      await this.audit.record({
        action: 'event.updated',
        target: { kind: 'event', id: eventId },
        detail: withoutTexts(changesBetween(event, changed), ['description', 'terms']),
      });
      this.soldOut.changed(eventId);
      return this.view.byOrganizer(tenantId, eventId);
    });
  }
}
