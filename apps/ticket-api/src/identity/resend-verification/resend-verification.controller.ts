import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { resendVerification } from '@app/contracts';
import { Operation } from '@app/http';
import { ResendVerificationCommand } from './resend-verification.js';

@Controller()
export class ResendVerificationController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(resendVerification)
  resend(@Caller() { userId }: Identity): Promise<void> {
    return this.commands.execute(new ResendVerificationCommand(userId));
  }
}
