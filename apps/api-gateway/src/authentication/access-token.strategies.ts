import { Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { CLOCK_TOLERANCE, type Identity } from '@app/auth';
import { ProblemError } from '@app/problem-details';
import type { FastifyRequest } from 'fastify';
import { decodeProtectedHeader } from 'jose';
import { Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { z } from 'zod';
import { bearerOf } from './credentials.js';
import { sessionCookieNames } from './session-cookies.js';
import type { SigningKeys } from './signing-keys.js';

export const ACCESS_TOKEN_AUDIENCE = 'ticketing';

/** Seconds that ticket-api lets a token live. Ended sessions are remembered for hardly longer. */
const LONGEST_LIFE = 600;

const Claims = z.object({
  sub: z.uuid(),
  sid: z.string().min(1),
  email: z.string(),
  name: z.string(),
  email_verified: z.boolean(),
  iat: z.number(),
  exp: z.number(),
});

/** What a verified access token says. */
export interface Verified {
  identity: Identity;
  /** Milliseconds since the epoch. */
  until: number;
}

/** RS256 alone, made by ticket-api in the name of PUBLIC_URL within the last ten minutes; `kid` looks up a key, other header fields count for nothing. */
const options = (
  keys: SigningKeys,
  issuer: string,
  jwtFromRequest: (request: FastifyRequest) => string | null,
): StrategyOptionsWithoutRequest => ({
  jwtFromRequest: jwtFromRequest as never,
  algorithms: ['RS256'],
  issuer,
  audience: ACCESS_TOKEN_AUDIENCE,
  jsonWebTokenOptions: { clockTolerance: CLOCK_TOLERANCE, maxAge: LONGEST_LIFE },
  secretOrKeyProvider: (_request: unknown, token: string, done: (error: unknown, key?: never) => void) => {
    void keyOf(token, keys).then(
      (key) => done(null, key as never),
      (error: unknown) => done(error),
    );
  },
});

async function keyOf(token: string, keys: SigningKeys) {
  const { typ, kid, crit } = decodeProtectedHeader(token);
  // RFC 7515 §4.1.11: what is marked as critical and not understood is refused, and we understand nothing of the kind.
  if (typ !== 'at+jwt' || kid === undefined || crit !== undefined) throw new Error('not an access token of ours');
  const key = await keys.find(kid);
  if (!key) throw new Error('unknown key');
  return key;
}

function read(payload: unknown): Verified {
  const { sub, sid, email, name, email_verified, iat, exp } = Claims.parse(payload);
  if (iat > Date.now() / 1000 + CLOCK_TOLERANCE) throw new Error('made in the future');
  const identity = Object.freeze({ userId: sub, sessionId: sid, email, name, emailVerified: email_verified });
  return { identity, until: Math.min(exp, iat + LONGEST_LIFE) * 1000 };
}

/** Reads the token of `Authorization: Bearer`. */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(keys: SigningKeys, publicUrl: string) {
    super(options(keys, publicUrl, (request) => tokenOf(bearerOf(request))));
  }
  validate = read;
}

/** Reads the token of the session's cookie. */
@Injectable()
export class CookieStrategy extends PassportStrategy(Strategy, 'cookie') {
  constructor(keys: SigningKeys, publicUrl: string) {
    const { access } = sessionCookieNames(publicUrl);
    super(options(keys, publicUrl, (request) => request.cookies[access] ?? null));
  }
  validate = read;
}

const tokenOf = (bearer: ReturnType<typeof bearerOf>) => bearer?.token ?? null;

/** A token that does not fit is 401; not being able to tell is 503. */
function judge<User>(error: unknown, user: User | false | undefined, info: unknown): User {
  for (const cause of [error, info]) if (cause instanceof ProblemError) throw cause;
  if (error || !user)
    throw Object.assign(new ProblemError('unauthenticated', 'The access token does not fit.'), {
      cause: error ?? info,
    });
  return user;
}

export class BearerGuard extends AuthGuard('bearer') {
  override handleRequest = judge;
}
export class CookieGuard extends AuthGuard('cookie') {
  override handleRequest = judge;
}
