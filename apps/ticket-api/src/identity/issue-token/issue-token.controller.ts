import { Body, Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { issueToken, type TokenRequest, type Tokens } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { ACCESS_TOKEN_SECONDS } from '../access-tokens.js';
import { CallingClient, type Client } from '../client.js';
import { RefreshSessionCommand } from '../refresh-session/refresh-session.js';
import { SignInCommand } from '../sign-in/sign-in.js';
import { keepOutOfCaches } from '../signed-in.js';

/** Signing in and refreshing for clients without cookies. */
@Controller()
export class IssueTokenController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(issueToken)
  async issueToken(
    @Body() request: TokenRequest,
    @CallingClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tokens> {
    keepOutOfCaches(reply);
    const command =
      request.grantType === 'password'
        ? new SignInCommand(request.email, request.password, client, request.code)
        : new RefreshSessionCommand(request.refreshToken, client);
    const { accessToken, refreshToken } = await this.commands.execute(command);
    return { accessToken, refreshToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS };
  }
}
