import { afterAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import Stripe from 'stripe';
import { QueryFailedError } from 'typeorm';
import { request } from 'undici';
import { createLogger, NestLogger } from './logger.js';
import { redactText, redactValue } from './redaction.js';

/** Every way in which our code tells of an error. */
function logged(error: unknown): string {
  const lines: string[] = [];
  const logger = createLogger('spec', 'trace', { write: (line) => lines.push(line) });
  const nest = new NestLogger(logger);
  const { message } = error as Error;
  logger.fatal({ err: error }, 'unhandled rejection');
  logger.error({ err: error });
  logger.error(error);
  logger.warn(`It failed: ${String(error)}`);
  nest.error(error, 'Spec');
  nest.error(message, (error as Error).stack, 'Spec');
  nest.warn('A thing failed', { id: 7 }, error, 'Spec');
  nest.warn(`A thing failed: ${message}`, 'Spec');
  nest.error({ err: error }, 'Spec');
  nest.error('A thing failed', { error, config: { error } }, 'Spec');
  for (const line of lines) JSON.parse(line);
  expect(lines).toHaveLength(10);
  return lines.join('');
}

const failure = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('That worked.');
};

const servers: { close: () => void }[] = [];
afterAll(() => servers.forEach((server) => server.close()));
/** A peer that says these lines, one after each that it hears, and the last one for ever. @returns its port */
async function peer(...answers: string[]): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    const left = [...answers];
    const say = (heard?: Buffer) => {
      const commands = heard?.toString().match(/^\*\d+\r$/gm)?.length ?? 1;
      socket.write(((left.length > 1 ? left.shift() : left[0]) ?? '').repeat(commands));
    };
    if (left[0]?.startsWith('220')) say();
    socket.on('data', say);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push({ close: () => (sockets.forEach((socket) => socket.destroy()), server.close()) });
  return (server.address() as AddressInfo).port;
}

describe('an error of', () => {
  const secret = 'hunter2-S3cret';
  const mail = 'grete@guest.example';

  it.each<[string, () => unknown]>([
    ['an address that is none', () => new URL(`amqp://guest:${secret}@bro ker:5672`)],
    ['an address that fetch does not take', () => fetch(`http://ada:${secret}@127.0.0.1:1/reset?token=${secret}`)],
    [
      'fetch, with causes',
      () =>
        fetch(`http://127.0.0.1:1/reset?token=${secret}`).catch((cause: unknown) => {
          throw new Error(`GET http://127.0.0.1:1/reset?token=${secret} failed`, { cause });
        }),
    ],
    [
      'undici',
      () =>
        request(`http://127.0.0.1:1/x?access_token=${secret}`, {
          headers: { authorization: `Bearer ${secret}`, cookie: `refresh_token=${secret}` },
        }),
    ],
    ['undici, about a header', () => request('http://127.0.0.1:1/', { headers: { cookie: `a=${secret}\n` } })],
    ['amqplib', () => connect(`amqp://guest:${secret}@127.0.0.1:1`)],
    ['amqplib, about an address', () => connect(`ampq://guest:${secret}@127.0.0.1:1`)],
    ['pg, about an address', () => new pg.Client(`postgres://app:${secret}@127.0.0.1:port/app`)],
    [
      'pg, on a closed port',
      () => new pg.Client(`postgres://app:${secret}@127.0.0.1:1/app?application_name=${secret}`).connect(),
    ],
    [
      'typeorm',
      () => {
        const detail = `Key (email)=(${mail}) already exists.`;
        const driver = Object.assign(new Error('duplicate key value violates unique constraint "users_email"'), {
          detail,
        });
        throw new QueryFailedError('insert into users values ($1, $2)', [mail, secret], driver);
      },
    ],
    [
      'nodemailer, refused',
      async () => {
        const port = await peer('220 x\r\n', '250-x\r\n250 AUTH PLAIN\r\n', `535 5.7.8 no: ${mail}\r\n`);
        await createTransport({
          host: '127.0.0.1',
          port,
          ignoreTLS: true,
          auth: { user: 'app', pass: secret },
        }).sendMail({
          from: 'us@tickets.example',
          to: mail,
          subject: 's',
          text: `https://tickets.example/reset?token=${secret}`,
        });
      },
    ],
    [
      'nodemailer, about a recipient',
      async () => {
        const port = await peer('220 x\r\n', '250 x\r\n', '250 ok\r\n', `550 5.1.1 <${mail}> is unknown\r\n`);
        const message = { from: 'us@tickets.example', to: mail, subject: 's', text: secret };
        await createTransport(`smtp://127.0.0.1:${port}/?ignoreTLS=true`).sendMail(message);
      },
    ],
    [
      'ioredis',
      async () => {
        const port = await peer('-WRONGPASS invalid username-password pair\r\n');
        const redis = new Redis(`redis://app:${secret}@127.0.0.1:${port}`, {
          lazyConnect: true,
          retryStrategy: () => null,
          enableReadyCheck: false,
        });
        redis.on('error', () => undefined);
        await redis.call('AUTH', 'app', secret).finally(() => redis.disconnect());
      },
    ],
    [
      'stripe',
      () => {
        const key = `sk_${'test'}_${secret.replace('-', '')}`;
        const host = { host: '127.0.0.1', port: 1, protocol: 'http', maxNetworkRetries: 0 } as const;
        return new Stripe(key, host).checkout.sessions.create({
          customer_email: mail,
          success_url: `https://x/?t=${secret}`,
        });
      },
    ],
    [
      'stripe, about a signature',
      () => Stripe.webhooks.constructEvent(`{"email":"${mail}"}`, `t=1,v1=${secret}`, `whsec${'_'}${secret}`),
    ],
    [
      'several at once, within each other',
      () => {
        const inner = new AggregateError([new Error(`postgres://app:${secret}@db/app`)], '');
        throw new AggregateError(
          [new Error('fine'), new Error('outer', { cause: inner }), inner],
          `amqps://a:${secret}@b`,
        );
      },
    ],
    [
      'a library that keeps the request',
      () => {
        const config = { headers: { Authorization: `Bearer ${secret}` }, auth: { user: 'app', pass: secret } };
        throw Object.assign(new Error('Request failed'), {
          config,
          request: { path: `/?token=${secret}` },
          body: secret,
        });
      },
    ],
  ])('%s tells what is wrong and no secret', async (_, work) => {
    const error = await failure(work);
    const text = logged(error);
    for (const known of [secret, secret.replace('-', ''), Buffer.from(`\0app\0${secret}`).toString('base64'), mail])
      expect(text).not.toContain(known);
    expect(text).toContain((error as Error).name);
  });

  it('ours keeps what says where it happened', async () => {
    const refused = await failure(() => new pg.Client('postgres://app:x@127.0.0.1:1/app').connect());
    expect(logged(refused)).toContain('"code":"ECONNREFUSED"');
    expect(logged(refused)).toContain('"port":1');
    expect(logged(new Error('outer', { cause: new Error('inner') }))).toContain('caused by: Error: inner');
  });
});

describe('a text', () => {
  const jwt = `eyJ${'h'.repeat(20)}.eyJ${'p'.repeat(20)}.${'s'.repeat(40)}`;
  it.each([
    ['amqps://u:p@ss@host:5671/v', 'amqps://[redacted]@host:5671/v'],
    ['postgres://u:p%40ss@db.example.com/x?sslmode=require', 'postgres://[redacted]@db.example.com/x?[redacted]'],
    ['GET /reset?token=abc&page=2', 'GET /reset?token=[redacted]&page=2'],
    ['host=db password=abc user=x', 'host=db password=[redacted] user=x'],
    ['{"password":"abc","n":1}', '{"password":"[redacted]","n":1}'],
    [`Authorization: Bearer ${jwt}\nHost: x`, 'Authorization: [redacted]\nHost: x'],
    ['Cookie: access_token=a; refresh_token=b', 'Cookie: [redacted]'],
    [`the token ${jwt} is bad`, 'the token [redacted] is bad'],
    [`tk_${'a'.repeat(38)}`, '[redacted]'],
    [`x-api-key: tk_${'a'.repeat(38)}`, 'x-api-key: [redacted]'],
    [`-----BEGIN ${'PRIVATE'} KEY-----\nMC4CAQ\n-----END ${'PRIVATE'} KEY-----.`, '[redacted].'],
    ['$argon2id$v=19$m=19456,t=2,p=1$abc$def', '[redacted]'],
    ['550 <ada.b+c@mail.example.org> unknown', '550 <[e-mail]> unknown'],
    ['at x (/app/node_modules/@nestjs/core/router.js:4:2)', 'at x (/app/node_modules/@nestjs/core/router.js:4:2)'],
    ['listening on http://127.0.0.1:3000/api/v1', 'listening on http://127.0.0.1:3000/api/v1'],
    [
      'duplicate key value violates unique constraint "users_email"',
      'duplicate key value violates unique constraint "users_email"',
    ],
  ])('%j becomes %j', (given, left) => expect(redactText(given)).toBe(left));

  it('of any length is looked through in no time', () => {
    for (const part of ['a', 'a.', 'a:', 'eyJ', '?token=', '://', 'password', 'x@a.', '-----BEGIN ']) {
      const begun = performance.now();
      redactText(`=${part.repeat(100_000)}`);
      expect(performance.now() - begun).toBeLessThan(200);
    }
  });
});

describe('a value', () => {
  it('loses what stands under a secret’s name, however deep and however it is written', () => {
    const names = [
      'password',
      'newPassword',
      'client_secret',
      'X-Api-Key',
      'refreshToken',
      'Set-Cookie',
      'recoveryCodes',
    ];
    const secrets = Object.fromEntries(names.map((name) => [name, 'S3cret']));
    const deep = { a: [{ b: { c: { ...secrets, kept: 'fine', code: 'ECONNRESET', bytes: Buffer.from('S3cret') } } }] };
    const left = JSON.stringify(redactValue(deep));
    expect(left).not.toContain('S3cret');
    expect(left).toContain('"kept":"fine","code":"ECONNRESET","bytes":"[6 bytes]"');
  });

  it('that holds itself ends', () => {
    const loop: Record<string, unknown> = {};
    loop['again'] = loop;
    expect(JSON.stringify(redactValue(loop))).toContain('[…]');
  });
});
