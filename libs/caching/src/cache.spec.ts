import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@app/testing';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { CacheOptions } from './cache.js';
import { openCache, type Cache, type RedisOptions } from './index.js';

const TIME_TO_LIVE = 800;
const options: CacheOptions<string> = {
  name: 'spec',
  timeToLive: TIME_TO_LIVE,
  most: { entries: 3, bytes: 100 },
  sizeOf: (value) => value.length,
  shared: z.string(),
};
const redis = (url: string): RedisOptions => ({ url, prefix: `spec:${process.pid}:${Math.random()}:` });
// `npm run test:services` names one, and fails if it does not answer.
const server = process.env['TEST_REDIS_URL'];

const open: Cache<string>[] = [];
function cacheOn(store: RedisOptions | undefined, given: Partial<CacheOptions<string>> = {}): Cache<string> {
  const cache = openCache({ ...options, ...given }, store);
  open.push(cache);
  return cache;
}
afterEach(() => open.splice(0).forEach((cache) => cache.close()));

/** Every store keeps the same promises; Redis takes part where the environment names one. */
const stores: [string, RedisOptions | undefined][] = [
  ['memory', undefined],
  ['Redis that is away', redis('redis://127.0.0.1:1')],
  ...(server ? [['Redis', redis(server)] as [string, RedisOptions]] : []),
];

describe.each(stores)('a cache in %s', (_, store) => {
  let cache: Cache<string>;
  beforeEach(() => void (cache = cacheOn(store)));
  const keep = (key: string, value = key) => cache.put(cache.lease(key), value);

  it('keeps what was put, each key apart', () => {
    expect([keep('a'), cache.get('a'), cache.get('b')]).toEqual([true, 'a', undefined]);
  });

  it('keeps nothing for longer than its time to live, counted from the lease', async () => {
    const lease = cache.lease('a');
    await sleep(TIME_TO_LIVE * 0.6);
    expect(cache.put(lease, 'a')).toBe(true);
    await sleep(TIME_TO_LIVE * 0.6);
    expect(cache.get('a')).toBeUndefined();
  });

  it('keeps nothing that took longer to read than its time to live', async () => {
    const lease = cache.lease('a');
    await sleep(TIME_TO_LIVE + 20);
    expect([cache.holds(lease), cache.put(lease, 'a'), cache.get('a')]).toEqual([false, false, undefined]);
  });

  it('has forgotten at once what is dropped, and nothing else', () => {
    keep('a');
    keep('b');
    cache.drop('a');
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 'b']);
  });

  it('refuses what was read before a drop and arrives after it, also when nothing was kept', () => {
    const [stale, other] = [cache.lease('a'), cache.lease('b')];
    cache.drop('a');
    expect([cache.holds(stale), cache.put(stale, 'old'), cache.get('a')]).toEqual([false, false, undefined]);
    expect([keep('a', 'new'), cache.put(stale, 'old'), cache.get('a')]).toEqual([true, false, 'new']);
    expect(cache.put(other, 'b')).toBe(true);
  });

  it('tells every drop from those before it', async () => {
    cache.drop('a');
    const lease = cache.lease('a');
    cache.drop('a');
    expect(cache.put(lease, 'old')).toBe(false);
  });

  it('remembers a drop for as long as a lease from before it could hold', async () => {
    const early = cache.lease('a');
    cache.drop('a');
    await sleep(TIME_TO_LIVE * 0.8);
    cache.drop('b');
    expect(cache.put(early, 'old')).toBe(false);
  });

  it('lets the oldest go when there are too many, or too much', () => {
    ['a', 'b', 'c', 'd'].forEach((key) => keep(key));
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual([undefined, 'b', 'c', 'd']);
    keep('e', 'x'.repeat(99));
    expect(['c', 'd', 'e'].map((key) => cache.get(key)?.length)).toEqual([undefined, 1, 99]);
    keep('f', 'x'.repeat(101));
    expect(cache.get('f')).toBeUndefined();
  });

  it('counts what was replaced or dropped no longer', () => {
    for (let times = 0; times < 5; times += 1) keep('a', 'x'.repeat(60));
    cache.drop('a');
    keep('a', 'x'.repeat(60));
    keep('b', 'x'.repeat(40));
    expect([cache.get('a')?.length, cache.get('b')?.length]).toEqual([60, 40]);
  });
});

// Only where a Redis is given: a skipped spec is a failure.
if (server)
  describe('replicas of a cache on Redis', () => {
    let store: RedisOptions;
    beforeEach(() => void (store = redis(server ?? '')));

    /** Two that hear each other. */
    async function pair(given: Partial<CacheOptions<string>> = {}): Promise<[Cache<string>, Cache<string>]> {
      const [one, other] = [cacheOn(store, given), cacheOn(store, given)];
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const)
        await heardBy(from, to);
      return [one, other];
    }

    it('forget what one of them drops', async () => {
      const [one, other] = await pair();
      other.put(other.lease('a'), 'a');
      one.drop('a');
      await eventually(() => expect(other.get('a')).toBeUndefined(), TIME_TO_LIVE / 2);
    });

    it('refuse what was read before a drop elsewhere', async () => {
      const [one, other] = await pair();
      const stale = other.lease('a');
      one.drop('a');
      await eventually(() => expect(other.holds(stale)).toBe(false), TIME_TO_LIVE / 2);
      expect(other.put(stale, 'old')).toBe(false);
    });

    it('have what one of them puts, for what is left of its time', async () => {
      const [one, other] = await pair();
      const lease = one.lease('a');
      await sleep(TIME_TO_LIVE / 2);
      one.put(lease, 'a');
      await eventually(() => expect(other.get('a')).toBe('a'), TIME_TO_LIVE / 4);
      await sleep(TIME_TO_LIVE / 2);
      expect(other.get('a')).toBeUndefined();
    });

    it('take no value from each other that one of them read before a drop of its neighbour', async () => {
      const [one, other] = await pair();
      const publisher = new Redis(store.url);
      const channel = `${store.prefix}cache:spec`;
      const { after } = one.lease('a');
      one.drop('a');
      await eventually(() => expect(other.lease('a').after).toBe(one.lease('a').after), TIME_TO_LIVE);
      const late = { from: 'a third', key: 'a', after, age: 0, toldAt: Date.now(), value: 'old' };
      await publisher.publish(channel, JSON.stringify(late));
      const fresh = { ...late, key: 'b', value: 'new' };
      await publisher.publish(channel, JSON.stringify(fresh));
      await eventually(() => expect(one.get('b')).toBe('new'), TIME_TO_LIVE / 2);
      expect(one.get('a')).toBeUndefined();
      await publisher.quit();
    });

    it('do not mind what they cannot read, nor what waited for too long', async () => {
      const [one] = await pair();
      const publisher = new Redis(store.url);
      const channel = `${store.prefix}cache:spec`;
      const news = { from: 'a third', key: 'a', age: 0, toldAt: Date.now(), value: 'a' };
      for (const text of ['{', '{}', JSON.stringify({ ...news, value: 7 }), JSON.stringify({ ...news, toldAt: 0 })])
        await publisher.publish(channel, text);
      await publisher.publish(channel, JSON.stringify({ ...news, key: 'last' }));
      await eventually(() => expect(one.get('last')).toBe('a'), TIME_TO_LIVE / 2);
      expect(one.get('a')).toBeUndefined();
      await publisher.quit();
    });

    it('keep their values to themselves where only drops are shared', async () => {
      const [one, other] = await pair({ shared: undefined });
      one.put(one.lease('a'), 'a');
      one.drop('b');
      await eventually(() => expect(other.lease('b').after).toBeDefined(), TIME_TO_LIVE / 2);
      expect(other.get('a')).toBeUndefined();
    });

    it('hear each other again after Redis has cut their connections', async () => {
      const [one, other] = await pair();
      for (const cache of [one, other]) cutSubscription(cache);
      await heardBy(one, other);
      await heardBy(other, one);
    });
  });

const heardBy = (from: Cache<string>, to: Cache<string>) =>
  eventually(async () => {
    from.drop('hello');
    await sleep(20);
    expect(to.lease('hello').after).toBe(from.lease('hello').after);
  }, 5_000);

/** As if the network had failed. */
const cutSubscription = (cache: Cache<string>) => (cache as unknown as { hearing: Redis }).hearing.stream.destroy();
