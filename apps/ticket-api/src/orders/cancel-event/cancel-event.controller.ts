import { Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, principalId, type Principal } from '@app/auth';
import { cancelEvent, type EventView } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadEvent } from '../../catalogue/catalogue.module.js';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import { CancelEventCommand } from './cancel-event.js';

@Controller()
export class CancelEventController {
  constructor(
    private readonly commands: CommandBus,
    private readonly events: ReadEvent,
    private readonly repeatable: RepeatableRequests,
  ) {}

  @Operation(cancelEvent)
  async cancel(
    @Acting() who: Principal,
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventView> {
    const repeatable = { tenantId, callerId: principalId(who), key: requestKey(request, undefined), status: 202 };
    const answer = await this.repeatable.answer(repeatable, async () => {
      await this.commands.execute(new CancelEventCommand(tenantId, eventId));
      return this.events.byOrganizer(tenantId, eventId);
    });
    return answerWith(reply, answer);
  }
}
