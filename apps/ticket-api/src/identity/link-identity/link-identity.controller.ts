import { Body, Controller, Headers } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, PROVEN_IDENTITY_HEADER, ProvenIdentities, type Identity } from '@app/auth';
import { linkIdentity, type LinkedIdentity, type LinkIdentity } from '@app/contracts';
import { Operation } from '@app/http';
import { CallingClient, type Client } from '../client.js';
import { LinkIdentityCommand } from './link-identity.js';

@Controller()
export class LinkIdentityController {
  constructor(
    private readonly commands: CommandBus,
    private readonly proven: ProvenIdentities,
  ) {}

  @Operation(linkIdentity)
  async link(
    @Caller() { userId }: Identity,
    @Body() given: LinkIdentity,
    @Headers(PROVEN_IDENTITY_HEADER) word: unknown,
    @CallingClient() { network }: Client,
  ): Promise<LinkedIdentity> {
    const proven = await this.proven.of(userId, word);
    return this.commands.execute(new LinkIdentityCommand(userId, given, proven, network));
  }
}
