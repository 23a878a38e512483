import { Redis } from 'ioredis';
import { join } from 'node:path';
import { toBeUndone } from '../../bench/command/clean-ups.mjs';
import { cableTo } from './cable.mjs';
import { OwnServer } from './own-server.mjs';

/** A Redis of this run's own, which keeps nothing on disk. */
export async function privateRedis({ workspace, port }) {
  const direct = `redis://127.0.0.1:${port}`;
  const server = new OwnServer({
    program: 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', workspace],
    env: process.env,
    logFile: join(workspace, 'redis.log'),
    answers: () => ask(direct, (redis) => redis.ping()),
  });
  const end = toBeUndone(() => server.kill());
  await server.start();
  const { cable, url } = await cableTo(direct, port);
  return {
    title: 'Redis of its own',
    cable,
    url,
    direct,
    forget: () => ask(direct, (redis) => redis.flushall()),
    breakDown: () => server.kill(),
    comeBack: () => server.start(),
    async remove() {
      await cable.pull();
      await end();
    },
  };
}

async function ask(url, question) {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 1_000, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
