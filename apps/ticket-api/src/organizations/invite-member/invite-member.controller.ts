import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { inviteMember, type Invitation, type InviteMember } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { InviteMemberCommand } from './invite-member.js';

@Controller()
export class InviteMemberController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(inviteMember)
  invite(
    @Located() { tenantId }: Location,
    @Caller() { userId, name }: Identity,
    @Body() given: InviteMember,
  ): Promise<Invitation> {
    return this.commands.execute(new InviteMemberCommand(tenantId, { userId, name }, given));
  }
}
