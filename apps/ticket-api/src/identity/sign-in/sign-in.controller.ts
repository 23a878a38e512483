import { Body, Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { signIn, type SignIn, type User } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { CallingClient, type Client } from '../client.js';
import { SessionCookies } from '../session-cookies.js';
import { keepOutOfCaches } from '../signed-in.js';
import { SignInCommand } from './sign-in.js';

@Controller()
export class SignInController {
  constructor(
    private readonly commands: CommandBus,
    private readonly cookies: SessionCookies,
  ) {}

  @Operation(signIn)
  async signIn(
    @Body() { email, password, code }: SignIn,
    @CallingClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<User> {
    keepOutOfCaches(reply);
    const signedIn = await this.commands.execute(new SignInCommand(email, password, client, code));
    this.cookies.set(reply, signedIn);
    return signedIn.user;
  }
}
