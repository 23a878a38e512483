import { Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OptionalCaller, type Identity } from '@app/auth';
import { signOut } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionCookies } from '../session-cookies.js';
import { SignOutCommand } from './sign-out.js';

@Controller()
export class SignOutController {
  constructor(
    private readonly commands: CommandBus,
    private readonly cookies: SessionCookies,
  ) {}

  @Operation(signOut)
  async signOut(
    @OptionalCaller() caller: Identity | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.commands.execute(new SignOutCommand(caller?.sessionId, this.cookies.refreshTokenOf(request)));
    this.cookies.clear(reply);
  }
}
