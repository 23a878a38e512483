import { afterEach, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Cable, eventually } from '@app/testing';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Redis } from 'ioredis';
import { connectRedis } from './connect-redis.js';

/** Milliseconds in which a connection that is away tries about a dozen times to come back. */
const OUTAGE = 1_500;

const open: Redis[] = [];
const lines: string[] = [];
Logger.overrideLogger({
  log: (line: string) => void lines.push(line),
  warn: (line: string) => void lines.push(line),
  error: () => undefined,
});
afterEach(() => {
  for (const redis of open.splice(0)) redis.disconnect();
  lines.length = 0;
});

function connections(url: string, count: number): Redis[] {
  open.push(...Array.from({ length: count }, () => connectRedis(url)));
  return open;
}
const untilReady = (redises: Redis[]) =>
  eventually(() => expect(redises.map(({ status }) => status)).toEqual(redises.map(() => 'ready')), 5_000);

/** As much of the protocol (RESP) as a connection needs to become ready: it answers each command with an empty string. */
async function smallServer(): Promise<{ server: Server; url: string }> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const _ of data.toString().match(/^\*\d+\r$/gm) ?? []) socket.write('$0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('of an outage the log has its beginning and its end once, however many connections there are and however long it is', async () => {
  const { server, url } = await smallServer();
  const through = await Cable.to(url, 6379);
  const redises = connections(through.url, 3);
  let reconnections = 0;
  redises[0]!.on('reconnecting', () => (reconnections += 1));
  await untilReady(redises);
  await through.cable.pull();
  await new Promise((resolve) => setTimeout(resolve, OUTAGE));
  await through.cable.plugIn();
  await untilReady(redises);
  expect(reconnections).toBeGreaterThan(3);
  expect(lines).toEqual([
    expect.stringMatching(/^Redis is away, and this process goes on alone: .*ECONNREFUSED/),
    expect.stringMatching(/^Redis is back after \d+\.\d s$/),
  ]);
  await through.cable.pull();
  await eventually(() => expect(lines).toHaveLength(3));
  for (const redis of redises) redis.disconnect();
  server.close();
});

it('a server that says nothing is away: after a second no command waits for it', async () => {
  const { server, url } = await smallServer();
  const through = await Cable.to(url, 6379);
  const [redis] = connections(through.url, 1) as [Redis];
  await untilReady([redis]);
  through.cable.freeze();
  await expect(redis.get('a')).rejects.toThrow('Command timed out');
  await eventually(() => expect(redis.status).not.toBe('ready'), 3_000);
  const began = performance.now();
  await expect(redis.get('a')).rejects.toThrow();
  expect(performance.now() - began).toBeLessThan(100);
  through.cable.thaw();
  await untilReady([redis]);
  redis.disconnect();
  await through.cable.pull();
  server.close();
});
