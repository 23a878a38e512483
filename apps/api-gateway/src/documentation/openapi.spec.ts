import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operations, problems, problemsOf } from '@app/contracts';
import type { RunningService } from '@app/http';
import { ask, openGateway } from '../testing/open-gateway.js';

interface Described {
  operationId: string;
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, { schema?: { properties?: { code: { enum: string[] } } } }> }>;
  security?: Record<string, string[]>[];
}
let gateway: RunningService;
let document: { openapi: string; paths: Record<string, Record<string, Described>>; components: unknown };
let text: string;

beforeAll(async () => {
  const nowhere = 'http://127.0.0.1:1';
  gateway = await openGateway({
    TICKET_API_URL: nowhere,
    TICKET_API_INTERNAL_URL: nowhere,
    PAYMENT_SERVICE_URL: nowhere,
    NOTIFICATION_SERVICE_URL: nowhere,
    PUBLIC_URL: 'https://tickets.example',
    RATE_LIMIT_ADDRESS: '0',
    RATE_LIMIT_AUTH: '0',
  });
  text = (await ask(`${gateway.url}/openapi.json`)).text;
  document = JSON.parse(text);
});
afterAll(() => gateway?.close());

const described = (path: string, method: string) =>
  document.paths[`/api/v1${path.replace(/:(\w+)/g, '{$1}')}`]?.[method.toLowerCase()];

/** OWASP ASVS 5.0, V3.4, for a site that is reached by https. */
const SAFE: Record<string, RegExp | null> = {
  'strict-transport-security': /^max-age=31536000; includeSubDomains$/,
  'content-security-policy': /^default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'$/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'cache-control': /^no-store$/,
  'x-request-id': /^.+$/,
  server: null,
  'x-powered-by': null,
  'access-control-allow-origin': null,
};
const STRANGE: Record<string, string> = { authorization: 'Bearer rubbish', origin: 'https://evil.example' };
function wrongHeaders({ headers }: { headers: Headers }, differences: Record<string, RegExp> = {}): string[] {
  return Object.entries({ ...SAFE, ...differences }).flatMap(([name, wanted]) => {
    const value = headers.get(name);
    return (wanted === null ? value === null : wanted.test(value ?? '')) ? [] : [`${name}: ${value}`];
  });
}

describe('the headers of an answer', () => {
  it('keep browsers from doing anything with it, at every operation, with whatever credential', async () => {
    const statuses = new Set<number>();
    for (const { id, method, path } of operations) {
      const url = `${gateway.url}/api/v1${path.replace(/:\w+/g, '0190a6e0-0000-7000-8000-000000000001')}`;
      for (const headers of [{}, STRANGE]) {
        const answer = await ask(url, { method, headers });
        statuses.add(answer.status);
        expect([id, answer.status, wrongHeaders(answer)]).toEqual([id, answer.status, []]);
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    }
    expect([...statuses].sort()).toEqual(expect.arrayContaining([401, 503]));
  });

  const NO_CACHE = { 'cache-control': /^no-cache$/ };
  /** No hook sees it. */
  const BARE = {
    'strict-transport-security': /^$/,
    'content-security-policy': /^default-src 'none';frame-ancestors 'none'$/,
  };

  it.each<[string, string, number, Record<string, RegExp>]>([
    ['GET', '/', 200, NO_CACHE],
    ['GET', '/api/v1', 200, NO_CACHE],
    ['GET', '/openapi.json', 200, NO_CACHE],
    ['GET', '/nowhere', 404, {}],
    ['DELETE', '/api/v1/events', 405, {}],
    ['GET', '/health/live', 200, {}],
    ['GET', '/.well-known/jwks.json', 503, {}],
    ['GET', '/api/v1/events/%zz', 404, BARE],
  ])('%s %s (%s), too', async (method, path, status, differences) => {
    const answer = await ask(gateway.url + path, { method });
    expect([answer.status, wrongHeaders(answer, differences)]).toEqual([status, []]);
  });
});

describe('the OpenAPI document', () => {
  it('is 3.1, and complete while every service is away', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    expect(ids).toEqual([...new Set(ids)]);
    for (const { id } of operations) expect(ids).toContain(id);
  });

  it.each(operations.map((operation) => [operation.id, operation] as const))(
    '%s names every status that it can give, and the codes of each',
    (_, operation) => {
      const found = described(operation.path, operation.method);
      const conditional = operation.tag === 'catalogue' && operation.method === 'GET' ? ['304'] : [];
      const refusals = problemsOf(operation).map((code) => String(problems[code].status));
      const statuses = new Set([...Object.keys(operation.responses), ...conditional, ...refusals]);
      expect(Object.keys(found?.responses ?? {}).sort()).toEqual([...statuses].sort());
      for (const code of problemsOf(operation)) {
        const { content } = found?.responses[problems[code].status] ?? {};
        expect(content?.['application/problem+json']?.schema?.properties?.code.enum).toContain(code);
      }
      expect(found?.requestBody !== undefined).toBe(operation.body !== undefined || operation.rawBody !== undefined);
      const inPath = found?.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(inPath).toEqual([...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => name));
      const hasKey = found?.parameters.some(({ name }) => name === 'Idempotency-Key');
      expect(hasKey).toBe(operation.idempotent === true);
      const key = operation.scopes ? [{ key: operation.scopes }] : [];
      const signedIn =
        operation.access === 'anyone' && !operation.optionalCaller ? [] : [{ bearer: [] }, { cookie: [] }, ...key];
      expect(found?.security ?? []).toEqual([...(operation.optionalCaller ? [{}] : []), ...signedIn]);
    },
  );

  it('draws a lock where a credential counts, and on nothing that is for everybody', () => {
    expect(described('/auth/signup', 'POST')?.security).toBeUndefined();
    expect(described('/events', 'GET')?.security).toBeUndefined();
    expect(described('/events/:eventId', 'GET')?.security).toContainEqual({});
    expect(described('/orders', 'POST')?.security).not.toContainEqual({});
  });

  it('says of every JSON answer what is in it, also of what the gateway answers itself', () => {
    const answers = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ operationId, responses }) =>
        Object.entries(responses).map(([status, { content }]) => [operationId, status, content?.['application/json']]),
      ),
    );
    const told = answers.filter(([, , content]) => content);
    expect(told.length).toBeGreaterThan(operations.length / 2);
    for (const [id, status, content] of told)
      expect([id, status, content]).toEqual([id, status, { schema: expect.anything() }]);
    expect(document.paths['/api/v1/health']?.get?.responses['503']?.content).toMatchObject({
      'application/json': { schema: { properties: { status: { enum: ['up', 'down'] }, checks: { type: 'object' } } } },
    });
  });

  it('every reference leads somewhere', () => {
    const references = [...text.matchAll(/"\$ref": ?"#\/([^"]+)"/g)].map(([, path = '']) => path.split('/'));
    expect(references.length).toBeGreaterThan(100);
    for (const path of references)
      expect(path.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document)).toBeDefined();
  });

  it('every schema says what it is, and not only where it is', () => {
    const { schemas } = document.components as { schemas: Record<string, Record<string, unknown>> };
    for (const [name, schema] of Object.entries(schemas)) {
      expect([name, schema.$ref]).not.toEqual([name, `#/components/schemas/${name}`]);
      expect([name, Object.keys(schema).length]).not.toEqual([name, 0]);
    }
    expect(schemas.PlaceOrder).toMatchObject({ type: 'object', required: ['eventId', 'items'] });
    expect(schemas.Problem?.required).toEqual(expect.arrayContaining(['type', 'title', 'status', 'detail', 'code']));
    expect(Object.keys(schemas).filter((name) => name.startsWith('OrderGroup'))).toEqual([]);
  });

  it('files are told by their media types', () => {
    const types = (path: string) => Object.keys(described(path, 'GET')?.responses[200]?.content ?? {});
    expect(types('/tickets/:ticketId/pdf')).toEqual(['application/pdf']);
    expect(types('/tickets/:ticketId/qr')).toEqual(['application/json', 'image/svg+xml', 'image/png']);
    for (const operation of operations)
      expect([operation.id, operation.files !== undefined]).toEqual([
        operation.id,
        Object.values(operation.responses).includes('file') || operation.id.startsWith('getQr'),
      ]);
  });

  it('is shown by a page that loads nothing from elsewhere', async () => {
    const page = await ask(`${gateway.url}/docs`);
    const policy = /^default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';.*frame-ancestors 'none'$/;
    expect(wrongHeaders(page, { 'content-security-policy': policy, 'cache-control': /^no-cache$/ })).toEqual([]);
    const own = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    expect(own.length).toBeGreaterThan(2);
    for (const address of own) {
      expect(address).toMatch(/^\/docs\//);
      expect((await ask(gateway.url + address)).status).toBe(200);
    }
  });

  it('the front door says where to go', async () => {
    expect(await ask(`${gateway.url}/`)).toMatchObject({ status: 200, body: { documentation: '/docs' } });
  });

  it('so does the address that the banner names, and no other that is unknown', async () => {
    const index = { documentation: '/docs', openapi: '/openapi.json' };
    expect(await ask(`${gateway.url}/api/v1`)).toMatchObject({ status: 200, body: index });
    expect(await ask(`${gateway.url}/api/v2`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await ask(`${gateway.url}/api`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});
