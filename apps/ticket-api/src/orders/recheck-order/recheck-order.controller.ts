import { Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { recheckOrder, type TimelineStep } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { type Answer, answerWith, requestKey } from '@app/idempotency';
import { repairer } from '../note-repair/note-repair.js';
import { RecheckOrderCommand } from './recheck-order.js';

@Controller()
export class RecheckOrderController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(recheckOrder)
  async recheck(
    @Acting() who: Principal,
    @Located() where: Location,
    @Param('orderId') orderId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TimelineStep> {
    const key = requestKey(request, undefined);
    const command = new RecheckOrderCommand(where.tenantId, orderId, repairer(who, where), key);
    return answerWith(reply, await this.commands.execute<RecheckOrderCommand, Answer<TimelineStep>>(command));
  }
}
