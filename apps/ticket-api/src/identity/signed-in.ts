import { Injectable } from '@nestjs/common';
import type { User } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { AccessTokens } from './access-tokens.js';
import { AccountStore } from './account.store.js';
import type { Session } from './session.store.js';

/** A person with a session, and the tokens that carry it. */
export interface SignedIn {
  user: User;
  accessToken: string;
  refreshToken: string;
}

@Injectable()
export class SignedInPersons {
  constructor(
    private readonly accounts: AccountStore,
    private readonly tokens: AccessTokens,
  ) {}

  /** Works in the open transaction, with the person's door open. */
  async of({ id, userId, refreshToken }: Session): Promise<SignedIn> {
    const user = await this.accounts.findUser(userId);
    if (!user) throw invalidCredentials();
    return { user, accessToken: await this.tokens.sign(user, id), refreshToken };
  }
}

/** Tells nobody which part was wrong, nor whether there is such an account. */
export const invalidCredentials = () => new ProblemError('invalid-credentials');

/** Answers with tokens stay in no cache (RFC 6749, 5.1). */
export const keepOutOfCaches = (reply: FastifyReply) => void reply.header('cache-control', 'no-store');
