import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { IdentityTokens, ServiceKeys, ServiceTokens } from '@app/auth';
import type { RunningService } from '@app/http';
import { SecurityEvents } from '@app/observability';
import { CompactEncrypt } from 'jose';
import { AccessTokens, PUBLIC_URL } from '../testing/access-tokens.js';
import { ask, json, openGateway, type LogLine } from '../testing/open-gateway.js';
import { ITS_TIME, openTicketApi, serviceKeys, type Published } from '../testing/ticket-api.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { sessionCookieNames } from './session-cookies.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const bob = '0190a6e0-0000-7000-8000-000000000002';
const tokens = new AccessTokens('key-1');
const since: (string | undefined)[] = [];
const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0, since } };
/** Only what time it is: whoever waits goes on waiting. */
const TIMERS = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['nextTick', 'queueMicrotask', 'performance', 'hrtime'] as const),
];
const order = { eventId: ada, items: [{ ticketTypeId: ada, quantity: 1 }] };
let ticketApi: RunningService;
let gateway: RunningService;
const lines: LogLine[] = [];
/** What was told of these events, and their reasons, since the last question. */
const told = (event: string) => lines.splice(0).flatMap((line) => (line['event'] === event ? [line['reason']] : []));
/** What was passed on to ticket-api. */
let reached: (string | undefined)[] = [];

beforeAll(async () => {
  ticketApi = await openTicketApi(published);
  ticketApi.app.getHttpServer().on('request', ({ url }: { url?: string }) => void reached.push(url));
  const environment = {
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    // Away: who is refused is not sent on.
    PAYMENT_SERVICE_URL: 'http://127.0.0.1:1',
    NOTIFICATION_SERVICE_URL: ticketApi.url,
  };
  gateway = await openGateway(environment, lines);
});
afterAll(async () => {
  await gateway?.close();
  await ticketApi?.close();
});

const api = (path: string, init?: RequestInit) => ask(`${gateway.url}/api/v1${path}`, init);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string) => ({ cookie: `theme=dark; access_token=${token}` });

beforeEach(() => {
  // A new minute, in which as many lines may be told again.
  Reflect.get(gateway.app.get(SecurityEvents), 'windows').clear();
});

describe('access tokens', () => {
  it('name the caller, from the header or from the cookie', async () => {
    const token = await tokens.sign(ada);
    const identity = { userId: ada, email: 'ada@example.com', name: 'Ada', emailVerified: true };
    for (const headers of [bearer(token), cookie(token)])
      expect(await api('/users/me', { headers })).toMatchObject({ status: 200, body: { identity } });
  });

  const seconds = () => Math.floor(Date.now() / 1000);
  const claims = (over: object = {}) => {
    const who = { sub: ada, sid: 's', email: 'a@b.c', name: 'A', email_verified: true };
    return { ...who, iss: PUBLIC_URL, aud: 'ticketing', iat: seconds(), exp: seconds() + 600, ...over };
  };
  const header = { typ: 'at+jwt', kid: 'key-1' };
  const stranger = new AccessTokens('key-1');
  const pem = () => tokens.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const der = () => tokens.publicKey.export({ type: 'spki', format: 'der' });
  const text = (part: string) => Buffer.from(part).toString('base64url');
  /** Our own signature under anything. */
  const ours = (head: object, payload: object = claims()) => tokens.forge(head, payload, (i) => tokens.rawSignature(i));
  const unsigned = (alg: string) => tokens.forge({ ...header, alg }, claims(), () => '');
  const withSecret = (alg: string, hash: string, secret: string | Buffer) =>
    tokens.forge({ ...header, alg }, claims(), (input) => createHmac(hash, secret).update(input).digest('base64url'));
  const parts = async () => (await tokens.sign(ada)).split('.') as [string, string, string];
  const service = serviceKeys['api-gateway'];
  const gatewayKeys = () => new ServiceKeys('api-gateway', service);

  it('of the makings of the list below, the good one is taken', async () => {
    for (const good of [
      ours({ ...header, alg: 'RS256' }),
      tokens.forgeText('{"alg":"RS256","typ":"at+jwt","kid":"key-1"}', JSON.stringify(claims())),
    ])
      expect(await api('/users/me', { headers: bearer(good) })).toMatchObject({ status: 200 });
  });

  /** No news: clients come with such every day. */
  const HAVE_ENDED = new Set(['has ended', 'ends at -1', 'is older than ten minutes, however far off its end']);
  const REASONS: Record<string, string> = {
    'is no token': 'malformed',
    'has no signature: "none"': 'signature',
    'uses our public key (PEM) as a shared secret': 'algorithm',
    'names another algorithm': 'algorithm',
    'is signed by a stranger': 'signature',
    'names the key "key-0"': 'key',
    'is of another type: "JWT"': 'typ',
    'has the issuer "http://evil.example"': 'iss',
    'has the audience "other"': 'aud',
    'is not valid yet': 'nbf',
    'names the person "admin"': 'malformed',
    'was changed': 'signature',
  };

  it.each<[string, () => string | Promise<string>]>([
    ['is no token', () => 'abc'],
    ['is of dots', () => '..'],
    ['is a refresh token, or one of a mail', () => randomBytes(32).toString('base64url')],
    [
      'is the word of a service',
      () => new ServiceTokens(new ServiceKeys('ticket-api', serviceKeys['ticket-api'])).sign('api-gateway'),
    ],
    [
      'is our word about a caller',
      () =>
        new IdentityTokens(gatewayKeys()).sign(
          { userId: ada, sessionId: 's', email: 'a@b.c', name: 'A', emailVerified: true },
          'ticket-api',
        ),
    ],

    ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): [string, () => string] => [
      `has no signature: "${alg}"`,
      () => unsigned(alg),
    ]),
    ['has no signature, nor its place', () => unsigned('none').slice(0, -1)],
    [
      'says none over a good signature',
      async () => [text('{"alg":"none","typ":"at+jwt","kid":"key-1"}'), ...(await parts()).slice(1)].join('.'),
    ],
    ['names no algorithm', () => ours(header)],
    ['names a list of algorithms', () => ours({ ...header, alg: ['RS256'] })],
    ['uses our public key (PEM) as a shared secret', () => withSecret('HS256', 'sha256', pem())],
    ['uses our public key (PEM, one line) as a shared secret', () => withSecret('HS256', 'sha256', pem().trim())],
    ['uses our public key (DER) as a shared secret', () => withSecret('HS256', 'sha256', der())],
    ['uses our public key (JWK) as a shared secret', () => withSecret('HS256', 'sha256', JSON.stringify(tokens.jwk))],
    ['uses our public key (PEM) as a longer shared secret', () => withSecret('HS512', 'sha512', pem())],
    ['uses an empty shared secret', () => withSecret('HS256', 'sha256', '')],
    ['names another algorithm', () => ours({ ...header, alg: 'RS512' })],
    ...['RS384', 'RS512', 'PS256', 'PS512'].map((alg): [string, () => Promise<string>] => [
      `has a good signature of ${alg}`,
      () => tokens.sign(ada, {}, { alg }),
    ]),
    [
      'is signed by a curve',
      () => stranger.signBy(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'ES256', ada),
    ],
    ['is signed by an Edwards curve', () => stranger.signBy(generateKeyPairSync('ed25519').privateKey, 'EdDSA', ada)],
    ['is signed by a stranger', () => stranger.sign(ada)],
    [
      'is signed by the key of our services',
      () =>
        new IdentityTokens(gatewayKeys()).sign(
          { userId: ada, sessionId: 's', email: '', name: '', emailVerified: true },
          'ticketing',
        ),
    ],

    ['names no key', () => tokens.sign(ada, {}, { kid: undefined })],
    ...[
      'key-0',
      '',
      '../../../../dev/null',
      '/dev/null',
      "key-1' or '1'='1",
      'key-1\u0000',
      '__proto__',
      'constructor',
      'x'.repeat(4_000),
    ].map((kid): [string, () => string] => [
      `names the key ${JSON.stringify(kid).slice(0, 40)}`,
      () => stranger.forge({ ...header, alg: 'RS256', kid }, claims(), (i) => stranger.rawSignature(i)),
    ]),
    ...[['key-1'], { 'key-1': 1 }, 1, true, null].map((kid): [string, () => string] => [
      `names a key that is no text: ${JSON.stringify(kid)}`,
      () => ours({ ...header, alg: 'RS256', kid }),
    ]),
    ['has a critical header that we do not know', () => ours({ ...header, alg: 'RS256', crit: ['x'], x: 1 })],
    ['has a critical header that we know', () => ours({ ...header, alg: 'RS256', crit: ['exp'] })],
    ['has a payload that is not encoded', () => ours({ ...header, alg: 'RS256', b64: false, crit: ['b64'] })],
    [
      'says its algorithm twice',
      () => stranger.forgeText('{"alg":"none","alg":"RS256","typ":"at+jwt","kid":"key-1"}', JSON.stringify(claims())),
    ],

    ...[
      'JWT',
      'at+JWT',
      'identity+jwt',
      'service+jwt',
      'proven-identity+jwt',
      'refresh+jwt',
      'logout+jwt',
      '',
      null,
      ['at+jwt'],
    ].map((typ): [string, () => string] => [
      `is of another type: ${JSON.stringify(typ)}`,
      () => ours({ ...header, alg: 'RS256', typ }),
    ]),
    ['is of no type', () => ours({ alg: 'RS256', kid: 'key-1' })],

    [
      'is encrypted for our key',
      () =>
        new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims())))
          .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', ...header })
          .encrypt(tokens.publicKey),
    ],
    [
      'lies in another token',
      async () =>
        stranger.forgeText('{"alg":"RS256","cty":"JWT","typ":"at+jwt","kid":"key-1"}', await tokens.sign(ada)),
    ],
    [
      'lies in a good token of ours',
      async () => tokens.forgeText('{"alg":"RS256","cty":"JWT","typ":"at+jwt","kid":"key-1"}', await tokens.sign(ada)),
    ],

    ...[
      ...[
        'http://evil.example',
        `${PUBLIC_URL}/`,
        PUBLIC_URL.toUpperCase(),
        [PUBLIC_URL],
        { [PUBLIC_URL]: 1 },
        undefined,
        null,
      ],
    ].map((iss): [string, () => Promise<string>] => [
      `has the issuer ${JSON.stringify(iss)}`,
      () => tokens.sign(ada, { iss }),
    ]),
    ...['other', 'Ticketing', '', ['other'], [], { ticketing: true }, undefined, null].map(
      (aud): [string, () => Promise<string>] => [
        `has the audience ${JSON.stringify(aud)}`,
        () => tokens.sign(ada, { aud }),
      ],
    ),
    ['has ended', () => tokens.sign(ada, { exp: seconds() - 120 })],
    ...[undefined, null, 'never', String(4e9), [4e9], {}, -1].map((exp): [string, () => Promise<string>] => [
      `ends at ${JSON.stringify(exp)}`,
      () => tokens.sign(ada, { exp }),
    ]),
    ['is not valid yet', () => tokens.sign(ada, { nbf: seconds() + 600 })],
    ['is valid from a word on', () => tokens.sign(ada, { nbf: 'now' })],
    ['is of the future', () => tokens.sign(ada, { iat: seconds() + 90 })],
    ['is of the far future', () => tokens.sign(ada, { iat: 4e9, exp: 4e9 + 600 })],
    [
      'is older than ten minutes, however far off its end',
      () => tokens.sign(ada, { iat: seconds() - 700, exp: seconds() + 1e9 }),
    ],
    ...[undefined, null, 'now', []].map((iat): [string, () => Promise<string>] => [
      `is of the time ${JSON.stringify(iat)}`,
      () => tokens.sign(ada, { iat }),
    ]),
    ...['admin', '', undefined, null, 1, [ada], { id: ada }, `${ada} `, `${ada}\u0000`].map(
      (sub): [string, () => Promise<string>] => [
        `names the person ${JSON.stringify(sub)}`,
        () => tokens.sign(ada, { sub }),
      ],
    ),
    ...['', undefined, null, 1, ['s'], {}].map((sid): [string, () => Promise<string>] => [
      `names the session ${JSON.stringify(sid)}`,
      () => tokens.sign(ada, { sid }),
    ]),
    ['has no e-mail', () => tokens.sign(ada, { email: undefined })],
    ['has a name that is no text', () => tokens.sign(ada, { name: ['Ada'] })],
    ['proves an e-mail by a word', () => tokens.sign(ada, { email_verified: 'true' })],
    ['says nothing', () => tokens.forgeText('{"alg":"RS256","typ":"at+jwt","kid":"key-1"}', '{}')],
    ...['null', '[]', '"x"', '1', '{', ''].map((payload): [string, () => string] => [
      `says ${JSON.stringify(payload)} instead of claims`,
      () => tokens.forgeText('{"alg":"RS256","typ":"at+jwt","kid":"key-1"}', payload),
    ]),
    ...['null', '[]', '"x"', '1', '{', ''].map((head): [string, () => string] => [
      `has ${JSON.stringify(head)} for a header`,
      () => tokens.forgeText(head, JSON.stringify(claims())),
    ]),

    [
      'was changed',
      async () => {
        const [head, , signature] = await parts();
        return [head, text(JSON.stringify(claims({ sub: bob }))), signature].join('.');
      },
    ],
    [
      'was changed to name two persons',
      async () => {
        const [head, payload, signature] = await parts();
        const twice = Buffer.from(payload, 'base64url').toString().replace('{', `{"sub":"${bob}",`);
        return [head, text(twice), signature].join('.');
      },
    ],
    ['lost its end', async () => (await tokens.sign(ada)).slice(0, -4)],
    ['lost its signature', async () => `${(await parts()).slice(0, 2).join('.')}.`],
    ['lost its header', async () => `.${(await parts()).slice(1).join('.')}`],
    ['has another bit in its signature', async () => flipped(await tokens.sign(ada), 40)],
    ['has another bit at its end, which says nothing', async () => flipped(await tokens.sign(ada), 1)],
    ['has more behind it', async () => `${await tokens.sign(ada)}AAAA`],
    ['has one letter more behind it', async () => `${await tokens.sign(ada)}A`],
    ['has a fourth part', async () => `${await tokens.sign(ada)}.AAAA`],
    ['is padded', async () => `${await tokens.sign(ada)}==`],
    ['is written in the other base64', () => otherBase64(() => ours({ ...header, alg: 'RS256' }))],
    [
      'is as long as a head may be',
      () => ours({ ...header, alg: 'RS256' }, claims({ name: 'x'.repeat(10_000), aud: 'other' })),
    ],
    ['is as long as a head may be, of noise', () => `${text('{"alg":"RS256"}')}.${'A'.repeat(12_000)}.AAAA`],
  ])(
    'one that %s is refused: in the header everywhere, in the cookie where somebody is needed',
    async (which, make) => {
      const token = await make();
      reached = [];
      lines.length = 0;
      const answers = await Promise.all([
        api('/users/me', { headers: bearer(token) }),
        api('/users/me', { headers: cookie(token) }),
        api('/events', { headers: bearer(token) }),
      ]);
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      expect(reached).toEqual([]);
      expect(await api('/events', { headers: cookie(token) })).toMatchObject({ status: 200 });
      expect(JSON.stringify(lines)).not.toContain(token.slice(-20));
      const reason = REASONS[which] ?? expect.any(String);
      expect(told('auth.access-token-refused')).toEqual(HAVE_ENDED.has(which) ? [] : [reason, reason, reason, reason]);
    },
  );

  it('one that brings its own key, or says where it lies, is refused; nobody asks there', async () => {
    let asked = 0;
    const server = createServer((_, answer) => {
      asked += 1;
      answer.end(JSON.stringify({ keys: [stranger.jwk] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/keys`;
    const { jwk } = stranger;
    const certificate = stranger.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const places = [
      { jwk },
      { jku: url },
      { x5u: url },
      { x5c: [certificate] },
      { 'x5t#S256': 'AA', jwk, jku: url, x5u: url },
    ];
    for (const place of places)
      for (const kid of ['key-1', url, 'of-the-stranger'])
        expect(
          (await api('/users/me', { headers: bearer(await stranger.sign(ada, {}, { ...place, kid })) })).status,
        ).toBe(401);
    server.close();
    expect(asked).toBe(0);
  });

  it('two Authorization headers are refused, whomever they name', async () => {
    const good = `Bearer ${await tokens.sign(ada)}`;
    reached = [];
    for (const authorization of [
      [good, `Bearer ${await tokens.sign(bob)}`],
      [good, good],
      [good, 'Basic YTpi'],
    ]) {
      const answer = await new Promise((resolve, reject) => {
        const request = get(`${gateway.url}/api/v1/users/me`, { headers: { authorization } as never }, (answer) => {
          answer.resume();
          resolve([answer.statusCode, answer.headers['www-authenticate']]);
        });
        request.once('error', reject);
      });
      expect(answer).toEqual([401, 'Bearer']);
    }
    expect(reached).toEqual([]);
  });

  it('a checkout link suffices by itself: whatever credential comes with it is not looked at', async () => {
    const link = '/payments/checkout/01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47?signature=x';
    const plain = await api(link);
    expect(plain.status).not.toBe(401);
    for (const headers of [bearer('stale'), cookie('stale')])
      expect((await api(link, { headers })).status).toBe(plain.status);
  });

  it('a header of another scheme is a credential that does not fit', async () => {
    const good = await tokens.sign(ada);
    const broken = [
      `Bearer Bearer ${good}`,
      `Bearer ${good} ${good}`,
      `Bearer ${good},`,
      `Bearer: ${good}`,
      `Bearer\t${good}`,
    ];
    for (const authorization of [
      'Basic YTpi',
      'Bearer',
      'Bearer a b',
      'token',
      '',
      good,
      `Token ${good}`,
      `DPoP ${good}`,
      ...broken,
    ])
      expect(await api('/events', { headers: { authorization } })).toMatchObject({ status: 401 });
    // RFC 9110 §11.1: the name of a scheme is written in any case.
    for (const scheme of ['bearer', 'BEARER'])
      expect(await api('/users/me', { headers: { authorization: `${scheme} ${good}` } })).toMatchObject({
        status: 200,
      });
  });

  it('a call for signed-in people needs one, a public one does not', async () => {
    for (const path of ['/users/me', `/payments/orders/${ada}`])
      expect(await api(path)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await api('/events')).toMatchObject({ status: 200 });
  });

  it('two credentials that name different people are refused, two of one person are not', async () => {
    const [one, two] = [await tokens.sign(ada), await tokens.sign(bob)];
    expect(await api('/users/me', { headers: { ...bearer(one), ...cookie(two) } })).toMatchObject({ status: 401 });
    expect(await api('/users/me', { headers: { ...bearer(one), ...cookie(one) } })).toMatchObject({ status: 200 });
    expect(await api('/users/me', { headers: { ...bearer(one), ...cookie('stale') } })).toMatchObject({ status: 401 });
  });

  it('a stale cookie keeps nobody from signing in, refreshing or signing out', async () => {
    const headers = { ...cookie('stale'), origin: PUBLIC_URL };
    const credentials = { email: 'ada@example.com', password: 'x' };
    expect(await api('/auth/signin', json(credentials, headers))).toMatchObject({ status: 200 });
    expect(await api('/auth/refresh', { method: 'POST', headers })).toMatchObject({ status: 200 });
    expect(await api('/auth/signout', { method: 'POST', headers })).toMatchObject({ status: 204 });
    expect(await api('/auth/signin', json(credentials, bearer('stale')))).toMatchObject({ status: 401 });
  });
});

/** The token with the lowest bit of one of its last letters changed. */
function flipped(token: string, fromEnd: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const at = token.length - fromEnd;
  return token.slice(0, at) + letters[letters.indexOf(token[at]!) ^ 1] + token.slice(at + 1);
}

/** A good token whose letters differ between base64 and base64url, in the former. */
function otherBase64(make: () => string): string {
  for (;;) {
    const token = make();
    const other = token.replaceAll('-', '+').replaceAll('_', '/');
    if (other !== token) return other;
  }
}

it('a route of which nothing is known lets nobody in, should it ever be served', () => {
  const context = { getHandler: () => () => undefined, switchToHttp: () => ({ getRequest: () => ({}) }) };
  const guard = new AuthenticationGuard(
    { publicUrl: PUBLIC_URL, corsOrigins: new Set() },
    {} as never,
    {} as never,
    {} as never,
    {} as never,
  );
  expect(guard.canActivate(context as never)).toBe(false);
});

it('the cookies of a public site are of its own host: no other of its domain can set them', () => {
  expect(sessionCookieNames('https://tickets.example')).toEqual({
    access: '__Host-access_token',
    refresh: '__Host-refresh_token',
  });
});

describe('keys', () => {
  it('a new key is taken at its first use, an unknown one is asked for once in a while', async () => {
    const next = new AccessTokens('key-2');
    await new Promise((resolve) => setTimeout(resolve, 2100));
    published.keys = [tokens.jwk, next.jwk];
    expect(await api('/users/me', { headers: bearer(await next.sign(ada)) })).toMatchObject({ status: 200 });
    const before = published.asked.keys;
    const unknown = await tokens.sign(ada, {}, { kid: 'key-9' });
    await Promise.all(Array.from({ length: 20 }, () => api('/users/me', { headers: bearer(unknown) })));
    expect(published.asked.keys - before).toBeLessThanOrEqual(1);
  });

  it('are published for everyone', async () => {
    const answer = await ask(`${gateway.url}/.well-known/jwks.json`);
    expect(answer.body.keys).toEqual(expect.arrayContaining([expect.objectContaining({ kid: 'key-1', kty: 'RSA' })]));
    expect(answer.text).not.toContain('"d"');
  });
});

describe('revoked sessions', () => {
  afterEach(() => void jest.useRealTimers());

  it('of which nothing is heard for half a minute let nobody in, also when the token was known', async () => {
    const headers = bearer(await tokens.sign(ada));
    expect(await api('/users/me', { headers })).toMatchObject({ status: 200 });
    const before = published.revoked;
    published.revoked = null as never;
    const asked = published.asked.revoked;
    while (published.asked.revoked === asked) await sleep(50);
    jest.useFakeTimers({ now: Date.now() + 31_000, doNotFake: [...TIMERS] });
    expect(await api('/users/me', { headers })).toMatchObject({ status: 503 });
    published.revoked = before;
    expect(await api('/users/me', { headers })).toMatchObject({ status: 200 });
  });

  it('are refused within five seconds, also when the token was known', async () => {
    const token = await tokens.sign(bob);
    expect(await api('/users/me', { headers: bearer(token) })).toMatchObject({ status: 200 });
    expect(await api('/auth/signout', { method: 'POST', headers: bearer(token) })).toMatchObject({ status: 204 });
    const ended = Date.now();
    let { status } = await api('/users/me', { headers: bearer(token) });
    while (status === 200 && Date.now() - ended < 5000) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ({ status } = await api('/users/me', { headers: bearer(token) }));
    }
    expect(status).toBe(401);
    lines.length = 0;
    expect(await api('/events', { headers: bearer(token) })).toMatchObject({ status: 401 });
    const told = { event: 'auth.access-token-refused', userId: bob, sessionId: `session-of-${bob}` };
    expect(lines).toEqual([expect.objectContaining({ ...told, reason: 'session-ended', network: '127.0.0.1' })]);
    expect(await api('/users/me', { headers: bearer(await tokens.sign(ada)) })).toMatchObject({ status: 200 });
  });

  it('are remembered while their tokens count, though they are told of for half a minute only', async () => {
    const begun = Date.now();
    const statusAfter = (seconds: number, headers: Record<string, string>) => {
      jest.useFakeTimers({ now: begun + seconds * 1000, doNotFake: [...TIMERS] });
      return api('/users/me', { headers }).then(({ status }) => status);
    };
    const ended = bearer(await tokens.sign(bob, { sid: 'told-once' }));
    const other = bearer(await tokens.sign(ada));
    published.revoked.push('told-once');
    expect(await statusAfter(31, ended)).toBe(401);
    published.revoked.pop();
    // Ten minutes, and the minute by which clocks may differ.
    expect(await statusAfter(650, other)).toBe(200);
    expect(await statusAfter(650, ended)).toBe(401);
  });

  it('outlive no token: ten minutes after it was made it is checked anew, whatever it says of its end', async () => {
    const headers = bearer(await tokens.sign(ada, { exp: Math.floor(Date.now() / 1000) + 1e6 }));
    expect(await api('/users/me', { headers })).toMatchObject({ status: 200 });
    jest.useFakeTimers({ now: Date.now() + 661_000, doNotFake: [...TIMERS] });
    expect(await api('/users/me', { headers })).toMatchObject({ status: 401 });
  });

  it("are asked for all at first, then since the time that ticket-api told, whatever the gateway's clock", async () => {
    while (since.length < 2) await sleep(50);
    expect([since[0], since.at(-1)]).toEqual([undefined, ITS_TIME]);
  });
});

describe('a write by cookie', () => {
  let mine: Record<string, string>;
  beforeEach(async () => {
    mine = cookie(await tokens.sign(ada));
  });
  const place = (headers: Record<string, string>) => api('/orders', json(order, { ...mine, ...headers }));

  it.each([
    ['the public origin', { origin: PUBLIC_URL }],
    ['the public origin by its other name', { origin: 'http://127.0.0.1:3000' }],
    ['a browser that vouches', { 'sec-fetch-site': 'same-origin' }],
  ])('is taken from %s', async (_, headers) => {
    expect(await place(headers as Record<string, string>)).toMatchObject({ status: 201 });
  });

  it("is taken from the request's own origin", async () => {
    expect(await place({ origin: gateway.url })).toMatchObject({ status: 201 });
    expect(await place({ origin: gateway.url.replace('127.0.0.1', 'localhost') })).toMatchObject({ status: 201 });
  });

  it.each([
    ['nobody', {}],
    ['another site', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://localhost:3001' }],
    ['another scheme', { origin: 'https://localhost:3000' }],
    ['an opaque origin', { origin: 'null' }],
    ['two origins', { origin: `${PUBLIC_URL}, https://evil.example` }],
    ['the public origin and a path', { origin: `${PUBLIC_URL}/` }],
    ['the public origin in capitals', { origin: 'HTTP://LOCALHOST:3000' }],
    ['the public origin with a user', { origin: 'http://evil.example@localhost:3000' }],
    ['the root of its name', { origin: 'http://localhost.:3000' }],
    ['the public origin with a port too many', { origin: 'http://localhost:3000.evil.example' }],
    ['a file', { origin: 'file://localhost:3000' }],
    ['no origin at all', { origin: '' }],
    ['a page of ours that says it is another method', { 'x-http-method-override': 'GET', 'x-method-override': 'GET' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ])('is refused from %s', async (_, headers) => {
    lines.length = 0;
    const answer = await place(headers as Record<string, string>);
    expect(answer).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
    const told = { event: 'request.cross-site-refused', userId: ada, route: 'POST /orders' };
    expect(lines).toEqual([expect.objectContaining(told)]);
  });

  it('reads, and writes by a Bearer token, need no origin', async () => {
    expect(await api('/users/me', { headers: mine })).toMatchObject({ status: 200 });
    const token = bearer(await tokens.sign(ada));
    expect(await api('/orders', json(order, token))).toMatchObject({ status: 201 });
    expect(await api('/orders', json(order, { ...token, ...mine }))).toMatchObject({ status: 201 });
  });

  const sessions: [string, object, number][] = [
    ['/auth/signup', { email: 'ada@example.com', password: 'a long password', name: 'Ada' }, 201],
    ['/auth/signin', { email: 'ada@example.com', password: 'x' }, 200],
    ['/auth/token', { grantType: 'password', email: 'ada@example.com', password: 'x' }, 200],
    ['/auth/refresh', {}, 200],
    ['/auth/signout', {}, 204],
  ];

  it.each(sessions)('%s is refused to a page of another site, without any cookie too', async (path, body) => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      lines.length = 0;
      const answer = await api(path, json(body, headers));
      expect(answer).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
      expect(lines).toMatchObject([{ event: 'request.cross-site-refused', route: `POST ${path}` }]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it.each(sessions)(
    '%s is taken from our own pages, and from clients that are no browser',
    async (path, body, status) => {
      for (const headers of [
        {},
        { origin: PUBLIC_URL },
        { origin: gateway.url },
        { 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'none' },
      ] as Record<string, string>[])
        expect(await api(path, json(body, headers))).toMatchObject({ status });
    },
  );

  it('who brings a Bearer token ends that session, from wherever: no browser sends it by itself', async () => {
    const headers = { ...bearer(await tokens.sign(bob, { sid: 'of-an-app' })), origin: 'app://localhost' };
    expect(await api('/auth/signout', { method: 'POST', headers })).toMatchObject({ status: 204 });
  });

  it('a session is refreshed and ended by its cookies only from our own pages', async () => {
    for (const path of ['/auth/refresh', '/auth/signout']) {
      const post = (headers: Record<string, string>) => api(path, { method: 'POST', headers });
      expect(await post({ cookie: 'refresh_token=r' })).toMatchObject({ status: 403 });
      expect((await post({ cookie: 'refresh_token=r', origin: PUBLIC_URL })).status).toBeLessThan(300);
      expect((await post({})).status).toBeLessThan(300);
    }
  });
});
