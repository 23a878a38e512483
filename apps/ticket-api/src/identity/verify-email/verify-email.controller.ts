import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { verifyEmail, type User, type VerifyEmail } from '@app/contracts';
import { Operation } from '@app/http';
import { VerifyEmailCommand } from './verify-email.js';

@Controller()
export class VerifyEmailController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(verifyEmail)
  verify(@Body() { token }: VerifyEmail): Promise<User> {
    return this.commands.execute(new VerifyEmailCommand(token));
  }
}
