import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRedis } from '@app/caching';
import { Cable, eventually } from '@app/testing';
import { Limits } from './limits.js';

const off = { address: 0, caller: 0, auth: 0, key: 0, tenant: 0 };

describe('while Redis', () => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  let through: Awaited<ReturnType<typeof Cable.to>>;
  let limits: Limits;
  let prefix: string;
  const redis = connectRedis(process.env['TEST_REDIS_URL'] ?? '');
  afterAll(() => redis.disconnect());
  /** Requests that pass of a quota of ten, and the longest that one of them took (ms). */
  async function passing(key: string) {
    let [passed, slowest] = [0, 0];
    for (let n = 0; n < 15; n++) {
      const since = performance.now();
      const standing = await limits.count('address', key);
      slowest = Math.max(slowest, performance.now() - since);
      passed += standing?.exceeded ? 0 : 1;
    }
    return { passed, slowest };
  }
  beforeEach(async () => {
    through = await Cable.to(process.env['TEST_REDIS_URL'] ?? '', 6379);
    prefix = `spec:${process.pid}:${Math.random()}:`;
    limits = new Limits({ limits: { ...off, address: 10 }, redis: { url: through.url, prefix } });
    await eventually(async () => expect(await limits.count('address', 'ready')).toBeDefined());
    await wait(100);
  });
  afterEach(async () => {
    limits.onApplicationShutdown();
    through.cable.thaw();
    await through.cable.pull();
  });

  it('is gone the same limits hold, counted here; when it is back it counts on', async () => {
    await limits.count('address', 'a');
    await through.cable.pull();
    expect((await passing('b')).passed).toBe(10);
    await through.cable.plugIn();
    // The one from before the outage is remembered there, so the next is the second.
    await eventually(async () => {
      await limits.count('address', 'a');
      expect(Number(await redis.get(`${prefix}limit:address:a`))).toBeGreaterThan(1);
    });
  });

  it('says nothing no request waits long, and soon none waits at all', async () => {
    through.cable.freeze();
    const { passed, slowest } = await passing('a');
    expect(passed).toBe(10);
    expect(slowest).toBeLessThan(250);
    await wait(1_000);
    expect((await passing('b')).slowest).toBeLessThan(50);
  });
});
