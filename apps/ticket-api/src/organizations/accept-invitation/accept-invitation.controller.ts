import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { acceptInvitation, type Organization } from '@app/contracts';
import { Operation } from '@app/http';
import { AcceptInvitationCommand } from './accept-invitation.js';

@Controller()
export class AcceptInvitationController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(acceptInvitation)
  accept(@Param('id') invitationId: string, @Caller() { userId }: Identity): Promise<Organization> {
    return this.commands.execute(new AcceptInvitationCommand(invitationId, userId));
  }
}
