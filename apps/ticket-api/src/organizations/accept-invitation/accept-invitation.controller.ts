import { Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { acceptInvitation, type Organization } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerWith, requestKey } from '@app/idempotency';
import { AcceptInvitationCommand } from './accept-invitation.js';

@Controller()
export class AcceptInvitationController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(acceptInvitation)
  async accept(
    @Param('id') invitationId: string,
    @Caller() { userId }: Identity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Organization> {
    const command = new AcceptInvitationCommand(invitationId, userId, requestKey(request, undefined));
    return answerWith(reply, await this.commands.execute(command));
  }
}
