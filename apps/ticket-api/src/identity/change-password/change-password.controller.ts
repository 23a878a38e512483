import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { changePassword, type ChangePassword } from '@app/contracts';
import { Operation } from '@app/http';
import { ChangePasswordCommand } from './change-password.js';

@Controller()
export class ChangePasswordController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(changePassword)
  change(@Caller() caller: Identity, @Body() given: ChangePassword): Promise<void> {
    return this.commands.execute(new ChangePasswordCommand(caller, given));
  }
}
