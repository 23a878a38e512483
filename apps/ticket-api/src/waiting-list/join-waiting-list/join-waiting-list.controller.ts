import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { joinWaitingList, type JoinWaitingList, type WaitingEntry } from '@app/contracts';
import { Operation } from '@app/http';
import { answerWith, requestKey } from '@app/idempotency';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { JoinWaitingListCommand } from './join-waiting-list.js';

@Controller()
export class JoinWaitingListController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(joinWaitingList)
  async join(
    @Caller() { userId }: Identity,
    @Param('eventId') eventId: string,
    @Param('typeId') typeId: string,
    @Body() body: JoinWaitingList | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WaitingEntry> {
    const key = requestKey(request, body);
    const command = new JoinWaitingListCommand(userId, eventId, typeId, body?.quantity ?? 1, key);
    return answerWith(reply, await this.commands.execute(command));
  }
}
