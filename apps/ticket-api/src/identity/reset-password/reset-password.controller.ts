import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { resetPassword, type ResetPassword } from '@app/contracts';
import { Operation } from '@app/http';
import { CallingClient, type Client } from '../client.js';
import { ResetPasswordCommand } from './reset-password.js';

@Controller()
export class ResetPasswordController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(resetPassword)
  reset(@Body() given: ResetPassword, @CallingClient() { network }: Client): Promise<void> {
    return this.commands.execute(new ResetPasswordCommand(given, network));
  }
}
