import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateServiceKeys, IdentityTokens, newApiKey, ServiceKeys, ServiceTokens } from '@app/auth';
import { openService, type RunningService } from '@app/http';
import { operations } from '@app/contracts';
import { createTestDatabase, internalRoutesOf, type InternalRoute, type TestDatabase } from '@app/testing';
import { SignJWT } from 'jose';
import { v7 as uuid } from 'uuid';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';
import { migrations } from './migrations/index.js';

const SERVICES = ['api-gateway', 'ticket-api', 'payment-service', 'notification-service'] as const;
type Name = (typeof SERVICES)[number];
const keys = generateServiceKeys([...SERVICES]);
const keysOf = (name: Name) => new ServiceKeys(name, keys[name]);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const base64 = (key: typeof rsa.privateKey) => key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const who = { userId: uuid(), email: 'a@b.example', name: 'A', emailVerified: true, sessionId: uuid() };

let db: TestDatabase;
let service: RunningService;
let routes: InternalRoute[];
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'internal_routes');
  const { signingKey, publicKeys } = keys['ticket-api'];
  const config = readConfig({
    ...{ PORT: '0', INTERNAL_PORT: '0', LOG_LEVEL: 'silent', PUBLIC_URL: 'http://localhost:3000' },
    ...{ DATABASE_URL: db.url, BROKER_DATABASE_URL: `${db.url}_broker_that_is_away` },
    ...{ SERVICE_SIGNING_KEY: signingKey, SERVICE_PUBLIC_KEYS: JSON.stringify(publicKeys) },
    ...{ ACCESS_TOKEN_KEY: base64(rsa.privateKey), CHECKOUT_LINK_SECRET: randomBytes(24).toString('hex') },
    ...{ PAYMENT_SERVICE_INTERNAL_URL: 'http://127.0.0.1:9', NOTIFICATION_SERVICE_INTERNAL_URL: 'http://127.0.0.1:9' },
    TICKET_SIGNING_KEY: base64(generateKeyPairSync('ed25519').privateKey),
    ACCOUNT_SECRETS_KEY: randomBytes(32).toString('base64'),
  });
  const own = operations.filter((operation) => operation.service === 'ticket-api');
  service = await openService({ name: 'ticket-api', module: AppModule.with, operations: own }, config);
  routes = internalRoutesOf(service.app);
});
afterAll(async () => {
  await service?.close();
  await db?.drop();
});

const ask = async (base: string, { method, path }: InternalRoute, headers: Record<string, string>) => {
  const body = method === 'GET' ? {} : { body: '{}', headers: { ...headers, 'content-type': 'application/json' } };
  const answer = await fetch(base + path.replaceAll(/:\w+/g, uuid()), { method, headers, ...body });
  await answer.arrayBuffer();
  return answer.status;
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const tokenOf = async ({ signed }: InternalRoute, name: Name, audience = 'ticket-api', body = '{}') => {
  const tokens = new ServiceTokens(keysOf(name));
  return bearer(await (signed ? tokens.signBody(audience, body) : tokens.sign(audience)));
};

describe('an internal route', () => {
  it('names those who may call it, but for the two that are for systems beside ours', () => {
    expect(routes.length).toBeGreaterThan(7);
    const open = routes.filter(({ callers }) => !callers).map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual(['GET /internal/tickets/:ticketId', 'POST /internal/tickets/:ticketTypeId/reserve']);
  });

  it('takes no word but that of a service: no person, no key, nothing', async () => {
    const identity = await new IdentityTokens(keysOf('api-gateway')).sign(who, 'ticket-api');
    const access = await new SignJWT({ sid: uuid(), email: who.email, name: 'A', email_verified: true })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
      .setIssuer('http://localhost:3000')
      .setAudience('ticketing')
      .setSubject(who.userId)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(rsa.privateKey);
    for (const route of routes)
      for (const headers of [
        {},
        bearer(access),
        bearer(identity),
        { 'x-identity': identity },
        bearer(newApiKey()),
        { 'x-api-key': newApiKey() },
        { cookie: `access_token=${access}` },
      ] as Record<string, string>[])
        expect([route.path, await ask(service.internalUrl, route, headers)]).toEqual([route.path, 401]);
  });

  it('takes no token that was made for another service, for another body, or by one that it does not name', async () => {
    for (const route of routes) {
      const status = async (headers: Record<string, string>) => [
        route.path,
        await ask(service.internalUrl, route, headers),
      ];
      const caller = (route.callers?.[0] ?? 'payment-service') as Name;
      expect(await status(await tokenOf(route, caller, 'payment-service'))).toEqual([route.path, 401]);
      const ofOtherKind = { ...route, signed: !route.signed };
      expect(await status(await tokenOf(ofOtherKind, caller))).toEqual([route.path, 401]);
      if (route.signed)
        expect(await status(await tokenOf(route, caller, 'ticket-api', '[]'))).toEqual([route.path, 401]);
      for (const other of SERVICES)
        if (route.callers && !route.callers.includes(other))
          expect(await status(await tokenOf(route, other))).toEqual([route.path, 403]);
    }
  });

  it('lets those in whom it names, and does not exist at the public port', async () => {
    for (const route of routes) {
      const headers = await tokenOf(route, (route.callers?.[0] ?? 'payment-service') as Name);
      expect([401, 403, 500, 503]).not.toContain(await ask(service.internalUrl, route, headers));
      expect([route.path, await ask(service.url, route, headers)]).toEqual([route.path, 404]);
      expect([route.path, await ask(`${service.url}/api/v1`, route, headers)]).toEqual([route.path, 404]);
    }
  });
});
