import { Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { signOutEverywhere } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { SessionCookies } from '../session-cookies.js';
import { SignOutEverywhereCommand } from './sign-out-everywhere.js';

@Controller()
export class SignOutEverywhereController {
  constructor(
    private readonly commands: CommandBus,
    private readonly cookies: SessionCookies,
  ) {}

  @Operation(signOutEverywhere)
  async signOut(@Caller() { userId }: Identity, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.commands.execute(new SignOutEverywhereCommand(userId));
    this.cookies.clear(reply);
  }
}
