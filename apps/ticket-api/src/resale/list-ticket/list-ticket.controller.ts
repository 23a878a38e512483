import { Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { listForResale, type Listing } from '@app/contracts';
import { Operation } from '@app/http';
import { answerWith, requestKey } from '@app/idempotency';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ListTicketCommand } from './list-ticket.js';

@Controller()
export class ListTicketController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(listForResale)
  async list(
    @Caller() { userId }: Identity,
    @Located() { tenantId }: Location,
    @Param('ticketId') ticketId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Listing> {
    const command = new ListTicketCommand(tenantId, ticketId, userId, requestKey(request, undefined));
    return answerWith(reply, await this.commands.execute(command));
  }
}
