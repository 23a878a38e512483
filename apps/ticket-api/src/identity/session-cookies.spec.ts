import { afterAll, describe, expect, it } from '@jest/globals';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastify, type FastifyInstance } from 'fastify';
import type { Config } from '../config.js';
import { SessionCookies } from './session-cookies.js';
import type { SignedIn } from './signed-in.js';

const servers: FastifyInstance[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** A server that sets the cookies, clears them, and says which refresh token it was sent. @returns a call of it. */
async function serverAt(publicUrl: string) {
  const server = fastify();
  const host = { httpAdapter: { getInstance: () => server } } as unknown as HttpAdapterHost<FastifyAdapter>;
  const cookies = new SessionCookies({ publicUrl } as Config, host);
  await cookies.onModuleInit();
  server.get('/set', async (_, reply) => cookies.set(reply, { accessToken: 'a.b.c', refreshToken: 'r' } as SignedIn));
  server.get('/clear', async (_, reply) => cookies.clear(reply));
  server.get('/read', async (request) => ({ refreshToken: cookies.refreshTokenOf(request) ?? null }));
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  return (path: string, headers: Record<string, string> = {}) => fetch(address + path, { headers });
}
const cookiesOf = async (publicUrl: string, path: string) =>
  (await (await serverAt(publicUrl))(path)).headers.getSetCookie();

describe("the cookies of a browser's session", () => {
  it.each(['http://localhost:3000', 'http://127.0.0.1:3000'])('at %s they do without HTTPS', async (publicUrl) => {
    expect(await cookiesOf(publicUrl, '/set')).toEqual([
      'access_token=a.b.c; Max-Age=600; Path=/; HttpOnly; SameSite=Lax',
      'refresh_token=r; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax',
    ]);
  });

  it.each(['https://tickets.example', 'http://localhost.example:3000', 'https://127.0.0.1.example'])(
    'at %s they are bound to the host and to HTTPS',
    async (publicUrl) => {
      expect(await cookiesOf(publicUrl, '/set')).toEqual([
        '__Host-access_token=a.b.c; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax',
        '__Host-refresh_token=r; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax',
      ]);
    },
  );

  it('are taken back under the same names and attributes', async () => {
    const cookies = await cookiesOf('https://tickets.example', '/clear');
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies)
      expect(cookie).toMatch(/^__Host-(access|refresh)_token=; Max-Age=0; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
  });

  it('only a cookie of the right name counts: no neighbouring host can plant one', async () => {
    const call = await serverAt('https://tickets.example');
    const read = async (headers?: Record<string, string>) => (await call('/read', headers)).json();
    expect(await read({ cookie: 'refresh_token=planted' })).toEqual({ refreshToken: null });
    expect(await read({ cookie: 'x=1; __Host-refresh_token=r' })).toEqual({ refreshToken: 'r' });
    expect(await read()).toEqual({ refreshToken: null });
  });
});
