import { Body, Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { confirmSecondFactor, type ConfirmSecondFactor, type RecoveryCodes } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { keepOutOfCaches } from '../signed-in.js';
import { ConfirmSecondFactorCommand } from './confirm-second-factor.js';

@Controller()
export class ConfirmSecondFactorController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(confirmSecondFactor)
  async confirm(
    @Caller() caller: Identity,
    @Body() { code }: ConfirmSecondFactor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryCodes> {
    keepOutOfCaches(reply);
    return { recoveryCodes: await this.commands.execute(new ConfirmSecondFactorCommand(caller, code)) };
  }
}
