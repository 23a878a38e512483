import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { revokeInvitation } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { RevokeInvitationCommand } from './revoke-invitation.js';

@Controller()
export class RevokeInvitationController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(revokeInvitation)
  revoke(@Located() { tenantId }: Location, @Param('invitationId') invitationId: string): Promise<void> {
    return this.commands.execute(new RevokeInvitationCommand(tenantId, invitationId));
  }
}
