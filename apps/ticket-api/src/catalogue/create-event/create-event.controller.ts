import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, principalId, type Principal } from '@app/auth';
import { createEvent, type CreateEvent, type EventView } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import { CreateEventCommand } from './create-event.js';

@Controller()
export class CreateEventController {
  constructor(
    private readonly access: ResourceAccess,
    private readonly commands: CommandBus,
    private readonly repeatable: RepeatableRequests,
  ) {}

  @Operation(createEvent)
  async create(
    @Acting() who: Principal,
    @Body() given: CreateEvent,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventView> {
    const { organizationId } = given;
    const { tenantId } = await this.access.require('organization', organizationId, who, ['organizer', 'owner']);
    const repeatable = { tenantId, callerId: principalId(who), key: requestKey(request, given), status: 201 };
    const answer = await this.repeatable.answer<EventView>(repeatable, () =>
      this.commands.execute(new CreateEventCommand(tenantId, given)),
    );
    return answerWith(reply, answer);
  }
}
