import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { assertPeersAnswer } from './peers.js';

const NOBODY = '127.0.0.1:1';
let server: Server | undefined;
afterEach(() => void server?.close());

const rabbitmqUrl = (host: string) => ({ rabbitmqUrl: `amqp://guest:secret@${host}?prefix=x`, redisUrl: undefined });
const redisUrl = (host: string) => ({ rabbitmqUrl: undefined, redisUrl: `redis://:secret@${host}` });

/** @returns its address */
async function serverThat(answer: (socket: Socket) => void): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the servers that a platform was told to use', () => {
  it('are refused in a line when nobody answers, which names the variable and no password', async () => {
    for (const [given, name] of [
      [rabbitmqUrl(NOBODY), 'RABBITMQ_URL'],
      [redisUrl(NOBODY), 'REDIS_URL'],
    ] as const) {
      const refusal = await assertPeersAnswer(given).catch((error: Error) => error);
      expect(refusal).toMatchObject({ name: 'ExpectedError' });
      expect((refusal as Error).message).toMatch(new RegExp(`${NOBODY} does not let us in: .*ECONNREFUSED.* ${name}`));
      expect((refusal as Error).message).not.toContain('secret');
    }
  });

  it('are refused when they want another password', async () => {
    const host = await serverThat((socket) =>
      socket.on('data', (commands) => {
        for (const _ of String(commands).matchAll(/^\*/gm)) socket.write('-WRONGPASS no such login\r\n');
      }),
    );
    await expect(assertPeersAnswer(redisUrl(host))).rejects.toThrow(/does not let us in: .*WRONGPASS/);
  });

  it('are refused after seconds when they take connections and are silent', async () => {
    const sockets: Socket[] = [];
    const host = await serverThat((socket) => sockets.push(socket));
    const since = Date.now();
    await expect(assertPeersAnswer(rabbitmqUrl(host))).rejects.toThrow(/RABBITMQ_URL must be/);
    await expect(assertPeersAnswer(redisUrl(host))).rejects.toThrow(/REDIS_URL must be/);
    expect(Date.now() - since).toBeLessThan(15_000);
    for (const socket of sockets) socket.destroy();
  }, 30_000);
});
