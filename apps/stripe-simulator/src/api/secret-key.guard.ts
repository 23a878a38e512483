import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config.js';
import { StripeError } from './stripe-error.js';
import { WITHOUT_KEY } from './without-key.js';

/** Takes the secret key as a bearer token or as the user of basic authentication: https://docs.stripe.com/api/authentication */
@Injectable()
export class SecretKeyGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride<boolean>(WITHOUT_KEY, [context.getHandler(), context.getClass()])) return true;
    const key = keyOf(context.switchToHttp().getRequest<FastifyRequest>().headers.authorization);
    if (key === undefined) throw unauthenticated(NO_KEY);
    if (!same(key, this.config.secretKey)) throw unauthenticated(`Invalid API Key provided: ${masked(key)}`);
    return true;
  }
}

function keyOf(authorization = ''): string | undefined {
  const [scheme = '', credentials = ''] = authorization.split(' ', 2);
  if (/^bearer$/i.test(scheme)) return credentials || undefined;
  if (/^basic$/i.test(scheme)) return Buffer.from(credentials, 'base64').toString().split(':', 1)[0] || undefined;
  return undefined;
}

const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
const digest = (text: string) => createHash('sha256').update(text).digest();

/** What Stripe shows of a wrong key: its kind and its last four characters. */
const masked = (key: string) =>
  `${/^[a-z]{2}_(test|live)_/.exec(key)?.[0] ?? ''}****${key.length > 12 ? key.slice(-4) : ''}`;

const unauthenticated = (message: string) => new StripeError(401, { type: 'invalid_request_error', message });

const NO_KEY =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
