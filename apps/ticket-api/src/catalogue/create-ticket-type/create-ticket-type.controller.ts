import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, principalId, type Principal } from '@app/auth';
import { createTicketType, type CreateTicketType, type TicketType } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import { CreateTicketTypeCommand } from './create-ticket-type.js';

@Controller()
export class CreateTicketTypeController {
  constructor(
    private readonly commands: CommandBus,
    private readonly repeatable: RepeatableRequests,
  ) {}

  @Operation(createTicketType)
  async create(
    @Acting() who: Principal,
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Body() given: CreateTicketType,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TicketType> {
    const repeatable = { tenantId, callerId: principalId(who), key: requestKey(request, given), status: 201 };
    const answer = await this.repeatable.answer<TicketType>(repeatable, () =>
      this.commands.execute(new CreateTicketTypeCommand(tenantId, eventId, given)),
    );
    return answerWith(reply, answer);
  }
}
