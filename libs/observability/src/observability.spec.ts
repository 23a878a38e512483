import { describe, expect, it } from '@jest/globals';
import { Health } from './health.js';
import { createLogger, NestLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { requestContext } from './request-context.js';
import { requestIdFrom } from './request-id.js';
import { nextTraceparent } from './traceparent.js';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('spec', 'trace', { write: (line) => lines.push(JSON.parse(line)) });
  return { logger, lines };
}

describe('logs', () => {
  it('never carry a secret, however deep', () => {
    const { logger, lines } = capture();
    const secrets = { authorization: 'Bearer s3cret', cookie: 's3cret', password: 's3cret', token: 's3cret' };
    logger.info({ ...secrets, req: { headers: { ...secrets, 'x-identity': 's3cret' } } }, 'here');
    expect(JSON.stringify(lines)).not.toContain('s3cret');
    expect(lines[0]).toMatchObject({ service: 'spec', level: 'info', msg: 'here' });
  });

  it('carry the ids of the request being worked on', async () => {
    const { logger, lines } = capture();
    const context = { requestId: 'r-1', correlationId: 'c-1', traceparent: nextTraceparent(undefined) };
    await requestContext.run(context, async () => {
      await Promise.resolve();
      logger.info('inside');
    });
    logger.info('outside');
    expect(lines[0]).toMatchObject({ requestId: 'r-1', correlationId: 'c-1' });
    expect(lines[1]).not.toHaveProperty('requestId');
  });

  it('are one line of JSON each, of a time in UTC, whatever stands in their texts', () => {
    const texts: string[] = [];
    const logger = createLogger('spec', 'info', { write: (line) => texts.push(line) });
    new NestLogger(logger).log('over\r\n{"level":"info","msg":"forged"}\u001b[2J\u0000', { name: 'a\nb' }, 'Spec');
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^\{\P{Cc}*\}\n$/u);
    expect(JSON.parse(texts[0]!)).toMatchObject({ time: expect.stringMatching(/^\d{4}-[\d-]+T[\d:]+\.\d{3}Z$/) });
  });

  it("Nest's lines keep their context, errors their stack", () => {
    const { logger, lines } = capture();
    new NestLogger(logger).error(new Error('broken'), 'Orders');
    new NestLogger(logger).warn('careful', { orderId: 1 }, 'Orders');
    expect(lines[0]).toMatchObject({ level: 'error', context: 'Orders', msg: 'broken' });
    expect(lines[0]?.err).toMatchObject({ stack: expect.stringContaining('broken') });
    expect(lines[1]).toMatchObject({ level: 'warn', msg: 'careful', details: [{ orderId: 1 }] });
  });

  it('say what an event is about that is logged as it came, such as the end of a connection', () => {
    const { logger, lines } = capture();
    new NestLogger(logger).error({ err: new Error('connection reset') }, 'ServerRMQ');
    expect(lines[0]).toMatchObject({ level: 'error', context: 'ServerRMQ', msg: 'connection reset' });
    expect(lines[0]?.err).toMatchObject({ stack: expect.any(String) });
  });

  it('name classes as the source does, whatever the bundler made of them', () => {
    const { logger, lines } = capture();
    const log = new NestLogger(logger);
    log.log('dependencies initialized', '_InstanceLoader');
    log.log('Messages leave again.', 'Relay2');
    expect(lines).toMatchObject([
      { level: 'debug', context: 'InstanceLoader' },
      { level: 'info', context: 'Relay' },
    ]);
  });
});

describe('health', () => {
  const started = (checks: ConstructorParameters<typeof Health>[0]) => {
    const health = new Health(checks);
    health.markStarted();
    return health;
  };

  it('is up when every check holds, and names the ones that do not', async () => {
    const health = started({ db: async () => true, broken: () => Promise.reject(new Error('x')), off: () => false });
    const checks = { db: 'up', broken: 'down', off: 'down' };
    expect(await health.ready()).toEqual({ status: 'down', checks });
    expect(await started({ db: () => true }).ready()).toEqual({ status: 'up', checks: { db: 'up' } });
  });

  it('what is only reported is told and does not make it unready', async () => {
    const health = new Health({ db: () => true }, { messages: () => false });
    health.markStarted();
    expect(await health.ready()).toEqual({ status: 'up', checks: { db: 'up', messages: 'down' } });
  });

  it('silence counts as down, and being alive does not depend on it', async () => {
    const health = started({ silent: () => new Promise(() => undefined) });
    expect(health.live().status).toBe('up');
    expect((await health.ready()).checks).toEqual({ silent: 'down' });
  });

  it('many probes ask a check once', async () => {
    let asked = 0;
    const health = started({ db: () => ++asked > 0 });
    await Promise.all([health.ready(), health.ready()]);
    await health.ready();
    expect(asked).toBe(1);
  });

  it('is not ready before it has started and once it is stopping', async () => {
    const health = new Health({});
    expect([health.startup().status, (await health.ready()).status]).toEqual(['down', 'down']);
    health.markStarted();
    expect([health.startup().status, (await health.ready()).status]).toEqual(['up', 'up']);
    health.markStopping();
    expect((await health.ready()).status).toBe('down');
  });
});

describe('ids', () => {
  it.each([
    ['abc-1_2.3', true],
    ['a b', false],
    ['', false],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
  ])('request id %p is kept: %p', (given, kept) => expect(requestIdFrom(given) === given).toBe(kept));

  it('a trace goes on with a span of our own, a broken one begins anew', () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const next = nextTraceparent(`00-${trace}-b7ad6b7169203331-00`);
    expect(next).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
    expect(next).not.toContain('b7ad6b7169203331');
    for (const broken of [
      undefined,
      'x',
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `ff-${trace}-b7ad6b7169203331-01`,
    ]) {
      expect(nextTraceparent(broken)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(nextTraceparent(broken)).not.toContain(trace);
    }
  });
});

it('metrics count by route, method and status', async () => {
  const metrics = new Metrics('spec');
  metrics.requestAnswered('GET', '/x/:id', 200, 12);
  metrics.counter('things_total', 'Things', ['kind']).labels('a').inc();
  metrics.gauge('waiting', 'Waiting', () => 7);
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/http_request_duration_seconds_count\{.*method="GET",route="\/x\/:id",status="200"\} 1/);
  expect(text).toContain('things_total{kind="a",service="spec"} 1');
  expect(text).toContain('waiting{service="spec"} 7');
});
