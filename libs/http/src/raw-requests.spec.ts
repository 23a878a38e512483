import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { RunningService } from './open-service.js';
import { openSampleService } from './testing/sample-service.js';
import { TwoPorts } from './two-ports.js';

let service: RunningService;
let hasty: Server;
const begun: string[] = [];
beforeAll(async () => {
  service = await openSampleService();
  hasty = new TwoPorts(undefined, { headers: 150, request: 300 }).createPublic((request, response) => {
    begun.push(request.url ?? '');
    if (request.url === '/early') response.writeHead(200, { 'content-length': '6' }).write('abc');
    request.on('end', () => response.end('whole')).resume();
  });
  await new Promise<void>((resolve) => hasty.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  hasty?.closeAllConnections();
  hasty?.close();
  await service?.close();
});

/** Everything that comes back on one connection until the other side ends it. */
function say(port: number, ...parts: string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.on('error', () => undefined).on('close', () => resolve(heard));
    parts.forEach((part, at) => setTimeout(() => socket.write(part), at * 60));
  });
}
const portOf = (url: string) => Number(new URL(url).port);
const hastyPort = () => (hasty.address() as AddressInfo).port;
const problem = (answer: string) => JSON.parse(answer.split('\r\n\r\n')[1] ?? '{}') as Record<string, unknown>;
const post = (headers: string, body: string) => `POST /api/v1/lines HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n${body}`;

describe('what is no request, or may be read as two, ends the connection with a problem', () => {
  const smuggled = 'GET /api/v1/open HTTP/1.1\r\nhost: x\r\n\r\n';
  it.each([
    ['a length and chunks', post('content-length: 5\r\ntransfer-encoding: chunked', `0\r\n\r\n${smuggled}`)],
    ['two lengths', post('content-length: 0\r\ncontent-length: 41', smuggled)],
    ['a length that is none', post('content-length: +5', '{"a":')],
    ['a length in hexadecimal', post('content-length: 0x5', '{"a":')],
    ['chunks that are coded otherwise', post('transfer-encoding: xchunked', `0\r\n\r\n${smuggled}`)],
    ['chunks that are not last', post('transfer-encoding: chunked, identity', `0\r\n\r\n${smuggled}`)],
    ['a chunk of no size', post('transfer-encoding: chunked', `zz\r\nab\r\n0\r\n\r\n${smuggled}`)],
    ['a space before the colon', post('content-length : 5', '{"a":')],
    ['a folded line', post('x-a: 1\r\n content-length: 5', `{"a":${smuggled}`)],
    ['bare line feeds', `GET /api/v1/open HTTP/1.1\nhost: x\n\n${smuggled}`],
    ['a NUL in a header', `GET /api/v1/open HTTP/1.1\r\nhost: x\r\nx-a: a\0b\r\n\r\n${smuggled}`],
    ['no host', 'GET /api/v1/open HTTP/1.1\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00'],
    ['another version', 'GET /api/v1/open HTTP/3.0\r\nhost: x\r\n\r\n'],
  ])('%s', async (_, text) => {
    const answer = await say(portOf(service.url), text);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('stranger');
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('tells what it was, with a request id', async () => {
    const answer = await say(portOf(service.url), 'rubbish\r\n\r\n');
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    const { requestId, ...told } = problem(answer);
    expect(told).toMatchObject({ status: 400 });
    expect(answer.toLowerCase()).toContain(`x-request-id: ${String(requestId)}`);
  });

  it('headers beyond what Node reads are 431', async () => {
    const answer = await say(portOf(service.url), `GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(problem(answer)).toMatchObject({ status: 431 });
  });
});

describe('who is slow', () => {
  it('with the headers is told so and hung up on', async () => {
    const drops = Array.from({ length: 40 }, (_, n) => `x-${n}: 1\r\n`);
    const answer = await say(hastyPort(), 'GET /slow-headers HTTP/1.1\r\nhost: x\r\n', ...drops);
    expect(problem(answer)).toMatchObject({ status: 408 });
    expect(begun).not.toContain('/slow-headers');
  });

  it('with the body, chunk by chunk, is too', async () => {
    const head = 'POST /slow-body HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
    const answer = await say(hastyPort(), head, ...Array.from({ length: 40 }, () => '1\r\na\r\n'));
    expect(problem(answer)).toMatchObject({ status: 408 });
  });

  it('in the middle of an answer gets nothing that it could take for the rest of it', async () => {
    const head = 'POST /early HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
    const answer = await say(hastyPort(), head, ...Array.from({ length: 40 }, () => '1\r\na\r\n'));
    expect(answer).toContain('abc');
    expect(answer).not.toContain('408');
  });

  it('a body beyond the limit is answered though it never ends', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const head = 'POST /api/v1/hook HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n';
    const answer = await Promise.race([
      say(portOf(service.url), head + chunk.repeat(14)),
      new Promise<string>((resolve) => setTimeout(() => resolve('nothing'), 5_000)),
    ]);
    expect(problem(answer)).toMatchObject({ status: 413, code: 'body-too-large' });
  });
});
