import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { createEvent, type CreateEvent, type EventView } from '@app/contracts';
import { Operation } from '@app/http';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { CreateEventCommand } from './create-event.js';

@Controller()
export class CreateEventController {
  constructor(
    private readonly access: ResourceAccess,
    private readonly commands: CommandBus,
  ) {}

  @Operation(createEvent)
  async create(@Caller() { userId }: Identity, @Body() given: CreateEvent): Promise<EventView> {
    const { organizationId } = given;
    const { tenantId } = await this.access.require('organization', organizationId, userId, ['organizer', 'owner']);
    return this.commands.execute(new CreateEventCommand(tenantId, given));
  }
}
