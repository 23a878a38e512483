import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { unlinkIdentity, type UnlinkIdentity } from '@app/contracts';
import { Operation } from '@app/http';
import { CallingClient, type Client } from '../client.js';
import { UnlinkIdentityCommand } from './unlink-identity.js';

@Controller()
export class UnlinkIdentityController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(unlinkIdentity)
  unlink(
    @Param('identityId') identityId: string,
    @Caller() { userId }: Identity,
    @Body() given: UnlinkIdentity,
    @CallingClient() { network }: Client,
  ): Promise<void> {
    return this.commands.execute(new UnlinkIdentityCommand(userId, identityId, given, network));
  }
}
