import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { forgotPassword, type ForgotPassword } from '@app/contracts';
import { Operation } from '@app/http';
import { CallingClient, type Client } from '../client.js';
import { ForgotPasswordCommand } from './forgot-password.js';

@Controller()
export class ForgotPasswordController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(forgotPassword)
  forgot(@Body() { email }: ForgotPassword, @CallingClient() { network }: Client): Promise<void> {
    return this.commands.execute(new ForgotPasswordCommand(email, network));
  }
}
