import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { apiKeyHash, IdentityTokens, newApiKey, ServiceKeys, type Principal } from '@app/auth';
import { ApiScope, operations, type Operation, type ResolveExternalIdentity } from '@app/contracts';
import type { RunningService } from '@app/http';
import { CompactEncrypt, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import { AccessTokens, PUBLIC_URL } from '../../testing/access-tokens.js';
import { OidcServer } from '../../testing/oidc-server.js';
import { ask, json, openGateway, type LogLine } from '../../testing/open-gateway.js';
import { RawPeer } from '../../testing/raw-peer.js';
import { openTicketApi, serviceKeys, type Published } from '../../testing/ticket-api.js';

jest.setTimeout(40_000);

const tokens = new AccessTokens('key-1');
const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } };
const email = 'grete@guest.example';
let stated: ResolveExternalIdentity[] = [];
let keycloak: OidcServer;
let cognito: OidcServer;
let ticketApi: RunningService;
let gateway: RunningService;
let environment: Record<string, string>;
const lines: LogLine[] = [];

/** One account for each identity, as ticket-api has it. */
const userOf = ({ issuer, subjectClaim, subject }: ResolveExternalIdentity) => {
  const hex = createHash('sha256').update(`${issuer} ${subjectClaim} ${subject}`).digest('hex');
  return `${hex.slice(0, 8)}-0000-7000-8000-${hex.slice(8, 20)}`;
};
const resolve: Published['resolve'] = (given) => {
  stated.push(given);
  const { name = 'Guest', emailVerified } = given;
  const email = given.email ?? 'none@unknown.invalid';
  return { userId: userOf(given), email, name, emailVerified, externalId: given.subject };
};

beforeAll(async () => {
  [keycloak, cognito, ticketApi] = await Promise.all([
    OidcServer.start('keycloak', '/realms/guests'),
    OidcServer.start('cognito', '/eu-central-1_pool'),
    openTicketApi(published),
  ]);
  environment = {
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    PAYMENT_SERVICE_URL: ticketApi.url,
    NOTIFICATION_SERVICE_URL: ticketApi.url,
    OIDC_ISSUERS: JSON.stringify([
      { issuer: keycloak.issuer, audience: 'account', clientId: 'ticketing-web' },
      {
        ...{ issuer: cognito.issuer, clientId: ['ticketing-web'], tokenUse: ['access', 'id'] },
        ...{ subjectClaim: 'custom:id', jwksUri: `${cognito.issuer}/jwks` },
      },
    ]),
  };
  gateway = await openGateway(environment, lines);
});
afterAll(async () => {
  await gateway?.close();
  await ticketApi?.close();
  await Promise.all([keycloak?.stop(), cognito?.stop()]);
});
beforeEach(() => {
  stated = [];
  lines.length = 0;
  published.resolve = resolve;
});
afterEach(() => void jest.useRealTimers());

const me = (token: string) => ask(`${gateway.url}/api/v1/users/me`, { headers: { authorization: `Bearer ${token}` } });
const later = (ms: number) =>
  jest.useFakeTimers({
    now: Date.now() + ms,
    doNotFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'].concat([
      'nextTick',
      'queueMicrotask',
      'performance',
      'hrtime',
    ]) as never,
  });
const now = () => Math.floor(Date.now() / 1000);
const identityOf = async (token: string) => {
  const { status, body } = await me(token);
  expect(status).toBe(200);
  return body['identity'] as { userId: string; sessionId: string };
};

describe('a token of a configured issuer', () => {
  it('of a Keycloak realm names its person', async () => {
    const token = await keycloak.token('grete', { email, email_verified: true, preferred_username: 'Grete', sid: 's' });
    const answer = await me(token);
    expect(answer).toMatchObject({ status: 200, body: { identity: { email, name: 'Grete', emailVerified: true } } });
    expect(answer.body['identity']).toMatchObject({
      issuer: keycloak.issuer,
      userId: userOf(stated[0]!),
      sessionId: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab]/),
    });
    expect(stated).toEqual([
      {
        ...{ issuer: keycloak.issuer, subjectClaim: 'sub', subject: 'grete', issuedAt: expect.any(Number) },
        ...{ email, emailVerified: true, name: 'Grete' },
      },
    ]);
  });

  it('of a Cognito pool names its person, by custom:id where it is trusted with it and else by sub', async () => {
    const claims = { 'custom:id': '4711', email, email_verified: 'true' };
    const byId = await identityOf(await cognito.token('grete', claims, { use: 'id' }));
    const bySub = await identityOf(await cognito.token('4711'));
    expect(byId.userId).not.toBe(bySub.userId);
    expect(stated).toMatchObject([
      { subjectClaim: 'custom:id', subject: '4711', email, emailVerified: true },
      { subjectClaim: 'sub', subject: '4711', emailVerified: false, name: '4711' },
    ]);
  });

  it('does not name by custom:id where nobody trusted the issuer with it', async () => {
    await identityOf(await keycloak.token('grete', { 'custom:id': '4711' }));
    expect(stated).toMatchObject([{ subjectClaim: 'sub', subject: 'grete' }]);
  });

  it('with the subject of another issuer names another person', async () => {
    const ids = [await identityOf(await keycloak.token('same')), await identityOf(await cognito.token('same'))];
    expect(ids[0]!.userId).not.toBe(ids[1]!.userId);
    expect(ids[0]!.sessionId).not.toBe(ids[1]!.sessionId);
  });

  it('with the id of an account of ours as its subject names somebody else', async () => {
    const ada = '0190a6e0-0000-7000-8000-000000000001';
    const { userId } = await identityOf(await keycloak.forge({ sub: ada, sid: `session-of-${ada}` }));
    expect(userId).toBe(userOf({ issuer: keycloak.issuer, subjectClaim: 'sub', subject: ada } as never));
    expect(userId).not.toBe(ada);
  });

  it('beside a token of ours in the cookie names two callers, and is refused', async () => {
    const token = await keycloak.token('grete');
    const own = `access_token=${await tokens.sign('0190a6e0-0000-7000-8000-000000000001')}`;
    const headers = { authorization: `Bearer ${token}`, cookie: own };
    expect((await ask(`${gateway.url}/api/v1/users/me`, { headers })).status).toBe(401);
  });

  it('is asked for once in four seconds, also when many requests come at once; who was erased is refused within five', async () => {
    const token = await keycloak.token('erased');
    await Promise.all(Array.from({ length: 20 }, () => me(token)));
    expect(stated).toHaveLength(1);
    published.resolve = () => null;
    expect((await me(token)).status).toBe(200);
    later(4_001);
    expect((await me(token)).status).toBe(401);
    expect(lines).toMatchObject([{ event: 'auth.issuer-token-refused', issuer: keycloak.issuer, reason: 'person' }]);
  });

  it('counts in the header alone, never as the cookie of a session', async () => {
    const token = await keycloak.token('grete');
    const byCookie = () => ask(`${gateway.url}/api/v1/users/me`, { headers: { cookie: `access_token=${token}` } });
    expect((await byCookie()).status).toBe(401);
    // Also in the seconds in which it is known.
    expect((await me(token)).status).toBe(200);
    expect((await byCookie()).status).toBe(401);
  });

  it('cannot be judged while ticket-api is away: 503, not 401', async () => {
    published.resolve = 'away';
    expect(await me(await keycloak.token('grete'))).toMatchObject({ status: 503 });
  });
});

describe('who a person is at the issuer', () => {
  const bookings = async (subject: string, of = subject) => {
    const headers = { authorization: `Bearer ${await keycloak.forge({ sub: subject })}` };
    const { status, body } = await ask(`${gateway.url}/api/v1/mgmt/bookings/user/${encodeURIComponent(of)}`, {
      headers,
    });
    expect(status).toBe(200);
    return (body['params'] as { userId: string }).userId;
  };

  it.each(['7c9e6679-7425-40de-944b-e07fc1f90ae7', 'auth0|5f/7c', 'a b?c#d%2F', 'Ünï 😀'])(
    'stands for the own id in a path: %p',
    async (subject) => {
      expect(await bookings(subject)).toBe(userOf(stated[0]!));
      expect(await bookings(subject, 'another')).not.toBe(userOf(stated[0]!));
    },
  );

  it('does not where the account says so: it is the id of another', async () => {
    const other = '0190a6e0-0000-7000-8000-000000000002';
    published.resolve = (given) => ({ userId: userOf(given), email, name: 'Grete', emailVerified: true });
    expect(await bookings(other)).toBe(other);
  });
});

describe('a token that is shown to be linked', () => {
  const ada = '0190a6e0-0000-7000-8000-000000000001';
  const show = async (body: unknown, headers: Record<string, string> = {}, as?: string) =>
    ask(
      `${gateway.url}/api/v1/users/me/identities`,
      json(body, { authorization: `Bearer ${as ?? (await tokens.sign(ada))}`, ...headers }),
    );
  const shown = (token: unknown) => ({ token, password: 'x' });

  it('reaches the account with our word about what it proves, and makes no account itself', async () => {
    const token = await keycloak.token('grete', { email, email_verified: true });
    const { status, body } = await show(shown(token));
    expect([status, body['proven']]).toEqual([
      201,
      {
        ...{ issuer: keycloak.issuer, subjectClaim: 'sub', subject: 'grete', issuedAt: expect.any(Number) },
        ...{ email, emailVerified: true },
      },
    ]);
    expect(body['body']).toEqual(shown(token));
    expect(stated).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['has ended', () => keycloak.forge({ exp: now() - 61 })],
    ['is of another client', () => keycloak.token('grete', {}, { client: 'another-app' })],
    [
      'is signed by our key',
      () => tokens.sign('grete', { iss: keycloak.issuer, aud: 'account', azp: 'ticketing-web' }),
    ],
    ['is ours', () => tokens.sign(ada)],
    ['is no token', () => 'grete'],
  ])('comes without a word when it %s', async (_, make) => {
    const { status, body } = await show(shown(await make()));
    expect([status, body['word']]).toEqual([201, undefined]);
  });

  it('is not spoken for by the client itself', async () => {
    const { body } = await show(shown('grete'), { 'x-proven-identity': 'e30.e30.e30' });
    expect(body['body']).toEqual(shown('grete'));
    expect(body['word']).toBeUndefined();
  });

  it('is looked at for nobody but who is signed in, and where it can be read', async () => {
    const token = await keycloak.forge({});
    expect((await show(shown(token), {}, 'stale')).status).toBe(401);
    expect((await show('{"token":')).status).toBe(400);
    expect((await show(JSON.stringify(shown(token)), { 'content-encoding': 'gzip' })).status).toBe(415);
    for (const body of ['null', '[]', '"x"', JSON.stringify(shown([token]))])
      expect((await show(body)).status).toBe(422);
  });
});

describe('a token is refused that', () => {
  const pem = () => exportSPKI(keycloak.key.publicKey);
  const der = async () => Buffer.from((await pem()).replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const hmac = (secret: string | Buffer) => (input: string) =>
    createHmac('sha256', secret).update(input).digest('base64url');
  const claims = (over: object = {}) => ({
    ...{ iss: keycloak.issuer, sub: 'grete', aud: 'account', azp: 'ticketing-web', typ: 'Bearer' },
    ...{ iat: now(), exp: now() + 300, ...over },
  });
  const text = (part: string) => Buffer.from(part).toString('base64url');
  /** No news: clients come with such every day. */
  const HAVE_ENDED = new Set(['has ended', 'is older than a day, however far off its end']);
  const REASONS: Record<string, string> = {
    'has no signature': 'algorithm',
    'is signed by our key': 'signature',
    'names an unknown key': 'key',
    'is for another audience': 'not-for-us',
    'never ends': 'exp',
    'names an empty subject': 'names-nobody',
  };

  it.each<[string, () => string | Promise<string>]>([
    ['has no signature', () => tokens.forge({ alg: 'none' }, claims(), () => '')],
    ['says none in capitals', () => tokens.forge({ alg: 'NONE', kid: 'first' }, claims(), () => '')],
    [
      'has the PEM of the public key as a secret',
      async () => tokens.forge({ alg: 'HS256' }, claims(), hmac(await pem())),
    ],
    [
      'has the DER of the public key as a secret',
      async () => tokens.forge({ alg: 'HS256' }, claims(), hmac(await der())),
    ],
    [
      'has the JWK of the public key as a secret',
      async () =>
        tokens.forge(
          { alg: 'HS256', kid: 'first' },
          claims(),
          hmac(JSON.stringify(await exportJWK(keycloak.key.publicKey))),
        ),
    ],
    ['is signed by another algorithm', () => keycloak.forge({}, { alg: 'PS256' }, keycloak.privateKey)],
    [
      'is signed by our key',
      () => tokens.forge({ alg: 'RS256', kid: 'first' }, claims(), (i) => tokens.rawSignature(i)),
    ],
    ['is signed by our key, and says so', () => tokens.sign('grete', claims(), { typ: 'JWT' })],
    ['is signed by another issuer of ours', () => cognito.forge(claims())],
    ['names an unknown key', () => keycloak.forge({}, { kid: 'other' })],
    ['names a key by a path', () => keycloak.forge({}, { kid: '../../../../dev/null' })],
    ['names a key by SQL', () => keycloak.forge({}, { kid: "first' or '1'='1" })],
    ['is of an issuer that nobody configured', () => keycloak.forge({ iss: 'https://evil.example' })],
    ['has the issuer with a slash', () => keycloak.forge({ iss: `${keycloak.issuer}/` })],
    ['has the issuer in a list', () => keycloak.forge({ iss: [keycloak.issuer] })],
    ['is for another audience', () => keycloak.forge({ aud: ['other', 'Account'] })],
    ['has no audience', () => keycloak.forge({ aud: undefined })],
    ['is of another client', () => keycloak.token('grete', {}, { client: 'another-app' })],
    ['is of another client of the pool', () => cognito.token('grete', {}, { client: 'another-app' })],
    ['names two clients', () => cognito.forge({ azp: 'another-app' })],
    ['names no client', () => cognito.forge({ client_id: undefined })],
    ['is an ID token where access tokens count', () => keycloak.token('grete', {}, { use: 'id' })],
    ['is an ID token without a mark', () => keycloak.forge({ typ: undefined })],
    ['is an ID token of another client', () => cognito.token('grete', {}, { use: 'id', client: 'another-app' })],
    [
      'is an ID token for several',
      () => cognito.forge({ token_use: 'id', client_id: undefined, aud: ['ticketing-web', 'x'] }),
    ],
    ['is a refresh token', () => keycloak.forge({ typ: 'Refresh' })],
    ['ends a session', () => keycloak.forge({}, { typ: 'logout+jwt' })],
    ['contradicts itself', () => cognito.forge({ token_use: 'id' }, { typ: 'at+jwt' })],
    ['is of our own services', () => keycloak.forge({}, { typ: 'identity+jwt' })],
    ['has ended', () => keycloak.forge({ exp: now() - 61 })],
    ['never ends', () => keycloak.forge({ exp: undefined })],
    ['ends with a word', () => keycloak.forge({ exp: 'never' })],
    ['is not valid yet', () => keycloak.forge({ nbf: now() + 90 })],
    ['is of the future', () => keycloak.forge({ iat: now() + 90 })],
    ['does not say since when', () => keycloak.forge({ iat: undefined })],
    ['is older than a day, however far off its end', () => keycloak.forge({ iat: now() - 90_000, exp: now() + 1e9 })],
    ['names nobody', () => keycloak.forge({ sub: undefined })],
    ['names an empty subject', () => keycloak.forge({ sub: '' })],
    ['has a subject that is no text', () => cognito.forge({ 'custom:id': { $ne: null } })],
    ['has a subject that is too long', () => keycloak.forge({ sub: 'x'.repeat(256) })],
    ['has a subject with NUL', () => keycloak.forge({ sub: 'grete\u0000' })],
    ['has a subject with half a surrogate pair', () => keycloak.forge({ sub: 'grete\ud800' })],
    [
      'has a critical header that we do not know',
      () => tokens.forge({ alg: 'RS256', kid: 'first', crit: ['x'], x: 1 }, claims(), (i) => keycloak.rawSignature(i)),
    ],
    [
      'has a payload that is not encoded',
      () =>
        tokens.forge({ alg: 'RS256', kid: 'first', b64: false, crit: ['b64'] }, claims(), (i) =>
          keycloak.rawSignature(i),
        ),
    ],
    [
      'is encrypted',
      async () => {
        const { publicKey } = await generateKeyPair('RSA-OAEP-256');
        const inner = new TextEncoder().encode(await keycloak.forge({}));
        return new CompactEncrypt(inner).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }).encrypt(publicKey);
      },
    ],
    [
      'lies in another token',
      async () => `${text('{"alg":"RS256","cty":"JWT"}')}.${text(await keycloak.forge({}))}.AA`,
    ],
    [
      'was changed, with its issuer twice',
      async () => {
        const [head, , signature] = (await keycloak.forge({})).split('.');
        const twice = JSON.stringify(claims()).replace('{', '{"iss":"https://evil.example",');
        return `${head}.${text(twice)}.${signature}`;
      },
    ],
  ])('%s', async (which, make) => {
    const token = await make();
    expect(await me(token)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(stated).toEqual([]);
    const told = lines.flatMap(({ event, reason }) => (String(event).endsWith('token-refused') ? [reason] : []));
    expect(told).toEqual(HAVE_ENDED.has(which) ? [] : [REASONS[which] ?? expect.any(String)]);
    expect(JSON.stringify(lines)).not.toContain(token.slice(-20));
  });

  it('brings its own key, or says where it lies; nobody asks there', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    let asked = 0;
    const stranger = createServer((_, answer) => {
      asked += 1;
      answer.end('{"keys":[]}');
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const url = `http://127.0.0.1:${(stranger.address() as { port: number }).port}/keys`;
    const jwk = await exportJWK(publicKey);
    for (const header of [{ jwk }, { jku: url }, { x5u: url }, { x5c: ['AA'] }])
      expect((await me(await keycloak.forge({}, header, privateKey))).status).toBe(401);
    stranger.close();
    expect(asked).toBe(0);
  });
});

describe('the keys of an issuer', () => {
  it('are asked for anew when a token names a new one, and once in a while only', async () => {
    await keycloak.rotate('second');
    later(6_000);
    expect((await me(await keycloak.forge({}))).status).toBe(200);
    const withdrawn = await keycloak.forge({}, { kid: 'first' });
    expect((await me(withdrawn)).status).toBe(401);
  });

  it('stay good while the issuer is away, for a day; then, and for unknown ones, it is 503', async () => {
    const good = await keycloak.forge({ iat: now() + 1 });
    const unknown = await keycloak.forge({}, { kid: 'third' });
    expect((await me(good)).status).toBe(200);
    await keycloak.stop();
    later(700_000);
    const again = await keycloak.forge({});
    expect((await me(again)).status).toBe(200);
    expect(await me(unknown)).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
    const own = { authorization: `Bearer ${await tokens.sign('0190a6e0-0000-7000-8000-000000000001')}` };
    const linking = json({ token: unknown, password: 'x' }, own);
    expect((await ask(`${gateway.url}/api/v1/users/me/identities`, linking)).status).toBe(503);
    expect((await me(await cognito.forge({}))).status).toBe(200);
    later(25 * 3_600_000);
    const answer = await me(await keycloak.forge({}));
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await keycloak.open();
    later(6_000);
    expect((await me(await keycloak.forge({}))).status).toBe(200);
  });
});

/**
 * What a service is told of the caller, for every operation of the contract by every kind of credential. Each request also brings
 * what only we may say: a word of the gateway's own about somebody else, addresses, tenants.
 */
describe('every operation', () => {
  const ada = '0190a6e0-0000-7000-8000-000000000001';
  const somebodyElse = '0190a6e0-0000-7000-8000-0000000000ee';
  const id = '0190a6e0-0000-7000-8000-0000000000aa';
  const tenantId = '0190a6e0-0000-7000-8000-0000000000c2';
  const peer = new RawPeer();
  let door: RunningService;

  interface Credential {
    name: string;
    headers: Record<string, string>;
    /** Whom it names. */
    principal?: object;
    token?: string;
    /** By a cookie: the page that sent it. */
    page?: 'ours' | 'unknown' | 'foreign';
  }
  const credentials: Credential[] = [];
  let claims: Record<string, string>;

  beforeAll(async () => {
    const url = await peer.listen();
    const limits = Object.fromEntries(
      ['ADDRESS', 'CALLER', 'AUTH', 'KEY', 'TENANT'].map((of) => [`RATE_LIMIT_${of}`, '0']),
    );
    door = await openGateway({ ...environment, ...limits, TICKET_API_URL: url, PAYMENT_SERVICE_URL: url });
    const key = newApiKey();
    const scopes = ApiScope.options;
    const facts = { name: 'Shop', scopes, rateLimit: null, expiresAt: null, suspended: false };
    published.apiKeys = new Map([[apiKeyHash(key).toString('base64url'), { id, tenantId, ...facts }]]);
    published.resolve = resolve;
    const [own, foreign] = [await tokens.sign(ada), await keycloak.token('grete', { email, email_verified: true })];
    const person = { userId: ada, sessionId: `session-of-${ada}` };
    const guest = {
      userId: userOf({ issuer: keycloak.issuer, subjectClaim: 'sub', subject: 'grete' } as ResolveExternalIdentity),
    };
    const cookie = `theme=dark; access_token=${own}`;
    credentials.push(
      { name: 'nothing', headers: {} },
      {
        name: 'a cookie from our page',
        headers: { cookie, origin: PUBLIC_URL },
        principal: person,
        token: own,
        page: 'ours',
      },
      { name: 'a cookie', headers: { cookie }, principal: person, token: own, page: 'unknown' },
      {
        name: 'a cookie from a foreign page',
        headers: { cookie, origin: 'https://evil.example' },
        principal: person,
        token: own,
        page: 'foreign',
      },
      { name: 'a token of ours', headers: { authorization: `Bearer ${own}` }, principal: person, token: own },
      {
        name: 'a token of another issuer',
        headers: { authorization: `Bearer ${foreign}` },
        principal: { ...guest, issuer: keycloak.issuer },
        token: foreign,
      },
      {
        name: 'a key in its header',
        headers: { 'x-api-key': key },
        principal: { keyId: id, tenantId, scopes },
        token: key,
      },
      {
        name: 'a key as a token',
        headers: { authorization: `Bearer ${key}` },
        principal: { keyId: id, tenantId, scopes },
        token: key,
      },
    );
    const word = new IdentityTokens(new ServiceKeys('api-gateway', serviceKeys['api-gateway']!));
    const another = {
      userId: somebodyElse,
      sessionId: 's',
      email: 'else@example.com',
      name: 'Else',
      emailVerified: true,
    };
    const stolen = await word.sign(another, 'ticket-api');
    claims = {
      ...{
        'x-identity': stolen,
        x_identity: stolen,
        'x-proven-identity': stolen,
        'x-service-authorization': `Bearer ${stolen}`,
        'proxy-authorization': stolen,
      },
      ...{
        'x-user-id': somebodyElse,
        'x-tenant-id': somebodyElse,
        'x-organization-id': somebodyElse,
        'x-roles': 'admin-of-all',
      },
      ...{
        'x-forwarded-for': '203.0.113.9',
        'x-real-ip': '203.0.113.9',
        forwarded: 'for=203.0.113.9;host=evil.example',
      },
      ...{
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'gopher',
        'x-original-url': '/internal/keys',
        'x-http-method-override': 'DELETE',
      },
    };
  });
  afterAll(async () => {
    await door?.close();
    await peer.close();
  });

  const wordsTo = (service: Operation['service']) => new IdentityTokens(new ServiceKeys(service, serviceKeys[service]));
  const words = { 'ticket-api': wordsTo('ticket-api'), 'payment-service': wordsTo('payment-service') };
  const byLink = new Set(['openCheckout', 'returnFromCheckout', 'receiveWebhook']);
  const byCookie = ['refreshSession', 'signOut'];
  const ofSessions = new Set(['signUp', 'signIn', 'issueToken', ...byCookie]);

  /** The status of a refusal; undefined: it is passed on. */
  function refusal({ id: op, access, method }: Operation, { principal, page }: Credential): number | undefined {
    if (byLink.has(op)) return undefined;
    if (!principal && access !== 'anyone') return 401;
    const counts = method !== 'GET' && (access !== 'anyone' || byCookie.includes(op));
    if (page !== undefined && page !== 'ours' && counts) return 403;
    return page === 'foreign' && ofSessions.has(op) ? 403 : undefined;
  }

  async function faultsOf(op: Operation, credential: Credential): Promise<string[]> {
    const agent = `${op.id} by ${credential.name}`;
    const body = op.method !== 'GET' && op.body ? { body: '{}' } : {};
    const headers = {
      ...claims,
      ...credential.headers,
      'user-agent': agent,
      ...(op.body ? { 'content-type': 'application/json' } : {}),
    };
    const answer = await ask(`${door.url}/api/v1${op.path.replace(/:\w+/g, id)}`, {
      method: op.method,
      headers,
      ...body,
    });
    const wanted = refusal(op, credential);
    const [arrived, ...more] = peer.received.filter((received) => received.headers['user-agent'] === agent);
    if (wanted !== undefined)
      return answer.status === wanted && !arrived ? [] : [`${agent}: ${answer.status} instead of ${wanted}`];
    if (!arrived || more.length > 0 || answer.status !== 200)
      return [`${agent}: ${answer.status}, came ${more.length + (arrived ? 1 : 0)} times`];
    const faults: string[] = [];
    const { 'x-identity': word, cookie, ...others } = arrived.headers;
    const told: Principal | null =
      word === undefined ? null : await words[op.service].verify(String(word)).catch(() => null);
    const principal = byLink.has(op.id) ? undefined : credential.principal;
    if (principal === undefined ? word !== undefined : !told) faults.push(`${agent}: told ${JSON.stringify(told)}`);
    for (const [fact, value] of Object.entries(principal ?? {}))
      if (JSON.stringify((told as unknown as Record<string, unknown>)?.[fact]) !== JSON.stringify(value))
        faults.push(`${agent}: another ${fact}`);
    if (cookie !== undefined && !op.path.startsWith('/auth/')) faults.push(`${agent}: its cookie`);
    const heads = JSON.stringify(others);
    for (const secret of [...Object.values(claims), credential.token ?? claims['x-identity']!])
      if (heads.includes(secret)) faults.push(`${agent}: ${secret} came through`);
    return faults;
  }

  it('tells its service who calls by that credential, and nothing that the client said of itself', async () => {
    const faults: string[] = [];
    let passed = 0;
    // A stream asks by the call beside it, and does not end.
    for (const op of operations.filter(({ stream }) => stream === undefined)) {
      peer.received.length = 0;
      for (const found of await Promise.all(credentials.map((credential) => faultsOf(op, credential))))
        faults.push(...found);
      passed += peer.received.length;
    }
    expect(faults).toEqual([]);
    expect(operations.length).toBeGreaterThan(60);
    expect(passed).toBeGreaterThan(operations.length * 4);
  });
});
