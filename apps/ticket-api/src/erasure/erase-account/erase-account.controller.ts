import { Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { eraseAccount } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { SessionCookies } from '../../identity/identity.module.js';
import { EraseAccountCommand } from './erase-account.js';

@Controller()
export class EraseAccountController {
  constructor(
    private readonly commands: CommandBus,
    private readonly cookies: SessionCookies,
  ) {}

  @Operation(eraseAccount)
  async erase(@Caller() { userId }: Identity, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.commands.execute(new EraseAccountCommand(userId));
    this.cookies.clear(reply);
  }
}
