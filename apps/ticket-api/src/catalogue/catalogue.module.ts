import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AuditLogModule } from '../audit-log/audit-log.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { IdempotencyModule } from '@app/idempotency';
import { SoldOutModule } from '../sold-out/sold-out.module.js';
import { CountAvailableController } from './count-available/count-available.controller.js';
import { CreateEventController } from './create-event/create-event.controller.js';
import { CreateEventHandler } from './create-event/create-event.js';
import { CreateTicketTypeController } from './create-ticket-type/create-ticket-type.controller.js';
import { CreateTicketTypeHandler } from './create-ticket-type/create-ticket-type.js';
import { ReadEventFacts } from './event-facts.js';
import { EventStore } from './event.store.js';
import { GetAvailabilityController } from './get-availability/get-availability.controller.js';
import { GetEventController } from './get-event/get-event.controller.js';
import { ReadEvent } from './get-event/read-event.js';
import { ListEventsController } from './list-events/list-events.controller.js';
import { PublishEventController } from './publish-event/publish-event.controller.js';
import { PublishEventHandler } from './publish-event/publish-event.js';
import { TicketTypeStore } from './ticket-type.store.js';
import { UpdateEventController } from './update-event/update-event.controller.js';
import { UpdateEventHandler } from './update-event/update-event.js';
import { UpdateTicketTypeController } from './update-ticket-type/update-ticket-type.controller.js';
import { UpdateTicketTypeHandler } from './update-ticket-type/update-ticket-type.js';
import { VisibleEvent } from './visible-event.js';

/** Events and what they sell. */
@Module({
  imports: [AuditLogModule, CqrsModule, AuthorizationModule, IdempotencyModule, SoldOutModule],
  controllers: [
    CreateEventController,
    UpdateEventController,
    PublishEventController,
    CreateTicketTypeController,
    UpdateTicketTypeController,
    ListEventsController,
    GetEventController,
    GetAvailabilityController,
    CountAvailableController,
  ],
  providers: [
    CreateEventHandler,
    UpdateEventHandler,
    PublishEventHandler,
    CreateTicketTypeHandler,
    UpdateTicketTypeHandler,
    EventStore,
    TicketTypeStore,
    ReadEvent,
    ReadEventFacts,
    VisibleEvent,
  ],
  exports: [ReadEvent, ReadEventFacts],
})
export class CatalogueModule {}

export { ReadEventFacts } from './event-facts.js';
export { ReadEvent } from './get-event/read-event.js';
