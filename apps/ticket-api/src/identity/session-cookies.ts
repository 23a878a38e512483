import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config.js';
import { ACCESS_TOKEN_SECONDS } from './access-tokens.js';
import { REFRESH_TOKEN_DAYS } from './session.store.js';
import type { SignedIn } from './signed-in.js';

const DAY = 86_400;

/** The two cookies of a browser's session. Scripts cannot read them, other sites' forms do not send them. */
@Injectable()
export class SessionCookies implements OnModuleInit {
  private readonly prefix: string;
  private readonly attributes: { path: string; httpOnly: true; sameSite: 'lax'; secure: boolean };

  /** `__Host-` binds a cookie to this very host and to HTTPS, which a developer's localhost does not have. */
  constructor(
    @Inject(CONFIG) { publicUrl }: Config,
    private readonly http: HttpAdapterHost<FastifyAdapter>,
  ) {
    const local = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(publicUrl).hostname);
    this.prefix = local ? '' : '__Host-';
    this.attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure: !local };
  }

  async onModuleInit(): Promise<void> {
    await this.http.httpAdapter.getInstance().register(fastifyCookie, { hook: false });
  }

  set(reply: FastifyReply, { accessToken, refreshToken }: SignedIn): void {
    this.write(reply, 'access_token', accessToken, ACCESS_TOKEN_SECONDS);
    this.write(reply, 'refresh_token', refreshToken, REFRESH_TOKEN_DAYS * DAY);
  }

  clear(reply: FastifyReply): void {
    this.write(reply, 'access_token', '', 0);
    this.write(reply, 'refresh_token', '', 0);
  }

  refreshTokenOf(request: FastifyRequest): string | undefined {
    return request.server.parseCookie(request.headers.cookie ?? '')[`${this.prefix}refresh_token`] || undefined;
  }

  private write(reply: FastifyReply, name: string, value: string, maxAge: number): void {
    void reply.setCookie(this.prefix + name, value, { ...this.attributes, maxAge });
  }
}
