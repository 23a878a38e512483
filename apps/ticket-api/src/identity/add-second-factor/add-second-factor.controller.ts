import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { addSecondFactor, type AddSecondFactor, type PendingSecondFactor } from '@app/contracts';
import { Operation } from '@app/http';
import { AddSecondFactorCommand } from './add-second-factor.js';

@Controller()
export class AddSecondFactorController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(addSecondFactor)
  add(@Caller() { userId }: Identity, @Body() { password }: AddSecondFactor): Promise<PendingSecondFactor> {
    return this.commands.execute(new AddSecondFactorCommand(userId, password));
  }
}
