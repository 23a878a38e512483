import { Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { refreshSession, type User } from '@app/contracts';
import { Operation } from '@app/http';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallingClient, type Client } from '../client.js';
import { SessionCookies } from '../session-cookies.js';
import { keepOutOfCaches } from '../signed-in.js';
import { RefreshSessionCommand } from './refresh-session.js';

@Controller()
export class RefreshSessionController {
  constructor(
    private readonly commands: CommandBus,
    private readonly cookies: SessionCookies,
  ) {}

  @Operation(refreshSession)
  async refresh(
    @Req() request: FastifyRequest,
    @CallingClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<User> {
    keepOutOfCaches(reply);
    const command = new RefreshSessionCommand(this.cookies.refreshTokenOf(request), client);
    const signedIn = await this.commands.execute(command).catch((error: unknown) => {
      // The browser forgets what is of no use any more; after a failure of ours it may try again.
      if (error instanceof ProblemError && error.code === 'invalid-credentials') this.cookies.clear(reply);
      throw error;
    });
    this.cookies.set(reply, signedIn);
    return signedIn.user;
  }
}
