import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { inviteMember, type Invitation, type InviteMember } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import { InviteMemberCommand } from './invite-member.js';

@Controller()
export class InviteMemberController {
  constructor(
    private readonly commands: CommandBus,
    private readonly repeatable: RepeatableRequests,
  ) {}

  @Operation(inviteMember)
  async invite(
    @Located() { tenantId }: Location,
    @Caller() { userId, name, emailVerified }: Identity,
    @Body() given: InviteMember,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Invitation> {
    const repeatable = { tenantId, callerId: userId, key: requestKey(request, given), status: 201 };
    const answer = await this.repeatable.answer(repeatable, () =>
      this.commands.execute(new InviteMemberCommand(tenantId, { userId, name, emailVerified }, given)),
    );
    return answerWith(reply, answer);
  }
}
