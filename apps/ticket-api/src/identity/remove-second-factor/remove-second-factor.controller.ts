import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { removeSecondFactor, type RemoveSecondFactor } from '@app/contracts';
import { Operation } from '@app/http';
import { CallingClient, type Client } from '../client.js';
import { RemoveSecondFactorCommand } from './remove-second-factor.js';

@Controller()
export class RemoveSecondFactorController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(removeSecondFactor)
  remove(
    @Caller() caller: Identity,
    @Body() given: RemoveSecondFactor,
    @CallingClient() { network }: Client,
  ): Promise<void> {
    return this.commands.execute(new RemoveSecondFactorCommand(caller, given, network));
  }
}
