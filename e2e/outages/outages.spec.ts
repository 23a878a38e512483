import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually as until } from '@app/testing';
import { eventually } from '../support/client.js';
import { asOwner, databasePrefixOf } from '../support/owner.js';
import { openPaymentPage, pay, press } from '../support/payment-page.js';
import { mailsTo } from '../support/people.js';
import { databaseServerOf, type DatabaseServer } from './support/database-server.js';
import { World } from './support/world.js';

/** `OUTAGES=long`: as long as outages are, several minutes in all. In every run: long enough to be noticed by all. */
const isLong = process.env.OUTAGES === 'long';
if (isLong) jest.setTimeout(600_000);
/** Milliseconds. The client of the database waits 15 s for an answer. */
const HANG = isLong ? 25_000 : 4_000;
const BROKER_AWAY = isLong ? 180_000 : 3_000;
const REDIS_AWAY = isLong ? 60_000 : 2_500;

let world: World;
let database: DatabaseServer;

beforeAll(async () => {
  world = await World.open(isLong ? 6 : 1);
  database = databaseServerOf(world.platform);
});
afterAll(() => world?.platform.remove());

describe('the database', () => {
  it('is restarted: what cannot be answered is 503 with Retry-After, nothing is wrong, and all works again by itself', async () => {
    // A restart takes a tenth of a second, in which sometimes nobody asks.
    let refusals = 0;
    for (let times = 0; times < 5 && refusals === 0; times += 1) {
      const { answers } = await world.during(() => database.restart());
      expect(answers.wrong).toEqual([]);
      refusals += answers.refusals;
    }
    expect(refusals).toBeGreaterThan(0);
  });

  it('ends all sessions again and again: the same', async () => {
    const { answers } = await world.during(async () => {
      for (let times = 0; times < 10; times += 1) {
        await database.endSessions();
        await sleep(100);
      }
    });
    expect(answers.wrong).toEqual([]);
  });

  const hanging = isLong
    ? 'hangs for longer than its client waits: nobody waits beyond the time limits, and it is told as 503'
    : 'hangs for some seconds: who asks waits, or is told 503, and nothing is wrong';
  it(hanging, async () => {
    const { answers } = await world.during(async () => {
      const end = database.hang();
      try {
        await sleep(HANG);
      } finally {
        end();
      }
    });
    expect(answers.wrong).toEqual([]);
    if (isLong) expect(answers.refusals).toBeGreaterThan(0);
  });

  it('has a full disk: orders are 503 with Retry-After, reading goes on, and no message is given up', async () => {
    const full = `create function no_space() returns trigger language plpgsql as
      $$ begin raise 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`;
    const trigger = 'create trigger no_space before insert or update on orders execute function no_space()';
    const inTicketApi = (sql: string) => asOwner(world.platform, sql, [], 'ticket_api');
    await inTicketApi(full);
    const { answers } = await world.during(async (traffic) => {
      await inTicketApi(trigger);
      try {
        await until(() => expect([...traffic.answers.refused.keys()]).toEqual(['an order']));
      } finally {
        await inTicketApi('drop trigger no_space on orders');
      }
    });
    expect(answers.wrong).toEqual([]);
    expect([...answers.refused.keys()]).toEqual(['an order']);
  });
});

describe('the broker', () => {
  /** Real: its cable. pg-boss: its database takes nobody in. */
  async function away(): Promise<() => Promise<void>> {
    const { platform } = world;
    if (platform.cables) {
      const { broker } = platform.cables;
      await broker.pull();
      return () => broker.plugIn();
    }
    const name = `${databasePrefixOf(platform)}_broker`;
    await asOwner(platform, `alter database ${name} with allow_connections false`);
    await asOwner(platform, 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    return async () => void (await asOwner(platform, `alter database ${name} with allow_connections true`));
  }

  it('hard case 15: is away: orders go on and payments are taken, readiness tells it and does not fail, then everything drains', async () => {
    const { answers, paid } = await world.during(async (traffic) => {
      const back = await away();
      try {
        const before = traffic.orders.size;
        const order = await world.place();
        await pay(order.checkoutUrl);
        const status = `select status from payments where order_id = $1`;
        await until(async () =>
          expect(await asOwner(world.platform, status, [order.id], 'payment_service')).toEqual([
            { status: 'succeeded' },
          ]),
        );
        await until(async () => {
          const ready = await world.internal('ticket-api', '/health/ready');
          expect([ready.status, JSON.parse(ready.text).checks]).toEqual([200, { db: 'up', messages: 'down' }]);
        });
        await sleep(BROKER_AWAY);
        expect(await world.order(order.id)).toMatchObject({ status: 'pending' });
        expect(traffic.orders.size).toBeGreaterThan(before);
        await back();
        await world.confirmed(order.id);
      } finally {
        await back();
      }
    });
    expect(answers.wrong).toEqual([]);
    // The checkout of an order that is not known there yet asks ticket-api, and waits for it no longer than 2 s.
    expect([...answers.refused.keys()].filter((kind) => kind !== 'the checkout')).toEqual([]);
    for (const id of paid) await world.confirmed(id);
  });
});

if (process.env.TEST_SERVICES)
  describe('Redis', () => {
    const told = (service: string) =>
      world.logged(service, /"context":"Redis"/).map((line) => /Redis is \w+/.exec(line)?.[0]);

    it.each(['away', 'silent'] as const)(
      'is %s: nobody is refused and nothing fails; who notices says so once, and once that it is back',
      async (how) => {
        const { redis } = world.platform.cables!;
        // Of a silent one ticket-api notices nothing until it has news for its replicas.
        const noticing = how === 'away' ? ['api-gateway', 'ticket-api'] : ['api-gateway'];
        const before = noticing.map((service) => told(service).length);
        const { answers } = await world.during(async () => {
          if (how === 'away') await redis.pull();
          else redis.freeze();
          await sleep(REDIS_AWAY);
          if (how === 'away') await redis.plugIn();
          else redis.thaw();
          await until(() => {
            const news = noticing.map((service, index) => told(service).slice(before[index]));
            expect(news).toEqual(noticing.map(() => ['Redis is away', 'Redis is back']));
          });
        });
        expect(answers.wrong).toEqual([]);
        expect([...answers.refused]).toEqual([]);
      },
    );
  });

describe('the payment provider', () => {
  it('is away: checkout is 503 with Retry-After, the hold is prolonged once, all else goes on; then it is paid', async () => {
    const { answers } = await world.during(async () => {
      const order = await world.place();
      await world.provider('PUT', '/port', { open: false });
      try {
        const visit = () => world.buyer.client.get(order.checkoutUrl);
        const refused = await visit();
        expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
        const longer = await eventually(
          'a later end of the hold',
          () => world.order(order.id),
          ({ expiresAt }) => expiresAt > order.expiresAt,
        );
        for (let times = 0; times < 3; times += 1) expect((await visit()).status).toBe(503);
        const steps = await world.stepsOf(order.id);
        expect(steps.filter((step) => step === 'hold-prolonged')).toHaveLength(1);
        expect((await world.order(order.id)).expiresAt).toBe(longer.expiresAt);
      } finally {
        await world.provider('PUT', '/port', { open: true });
      }
      await press(await openPaymentPage(order.checkoutUrl), 'pay');
      await world.confirmed(order.id);
    });
    expect(answers.wrong).toEqual([]);
    // Who is on the provider's page meanwhile, asks for no checkout.
    expect([...answers.refused.keys()].filter((kind) => kind !== 'the checkout')).toEqual([]);
  });
});

describe('the store of mails', () => {
  /** Not a full disk, which nobody can make without a right to it: no file of the process may grow (EFBIG). */
  async function fill(size: '0' | 'unlimited'): Promise<void> {
    const pid = await world.platform.pidOf('mailbox');
    const { status, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--fsize=${size}:`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`prlimit: ${stderr}`);
  }
  const metric = async (pattern: RegExp) =>
    Number(pattern.exec((await world.internal('notification-service', '/metrics')).text)?.[1] ?? 0);
  const deferred = () => metric(/^mail_attempts_total\{[^}]*kind="order-confirmed",outcome="deferred"[^}]*\} (\d+)$/m);
  const mailsOf = async (order: { id: string }) =>
    (await mailsTo(world.platform, world.buyer.email)).filter(({ text }) => text?.includes(order.id));

  it('is full: the mail waits and is tried again, a metric and the timeline tell it; when there is room it comes once', async () => {
    await until(async () => expect(await metric(/^mails_queued\{[^}]*\} (\d+)$/m)).toBe(0));
    const tries = await deferred();
    const order = await world.place();
    await fill('0');
    try {
      await pay(order.checkoutUrl);
      await world.confirmed(order.id);
      await until(async () => expect(await deferred()).toBeGreaterThan(tries + 1));
      expect(await metric(/^mails_queued\{[^}]*\} (\d+)$/m)).toBe(1);
      await until(async () => expect(await world.stepsOf(order.id)).toContain('mail-queued'));
      expect(await world.stepsOf(order.id)).not.toContain('mail-sent');
      expect(await mailsOf(order)).toEqual([]);
      expect(world.logged('mailbox', /cannot be kept/)).toHaveLength(1);
    } finally {
      await fill('unlimited');
    }
    await until(async () => expect(await world.stepsOf(order.id)).toContain('mail-sent'));
    expect(await mailsOf(order)).toHaveLength(1);
  });
});

describe('after all of it', () => {
  it('every key still has its one order, and every payment its tickets', async () => {
    for (const traffic of world.traffics) {
      const again: Awaited<ReturnType<typeof traffic.order>>[] = [];
      // One after another: hundreds at once would be told to come again.
      for (const key of traffic.orders.keys()) again.push(await traffic.order(key));
      expect(again.map(({ status, body }) => [status, body.id])).toEqual(
        [...traffic.orders.values()].map((id) => [201, id]),
      );
      for (const id of traffic.paid) expect((await world.confirmed(id)).tickets).toHaveLength(1);
    }
    const keys = world.traffics.reduce((sum, { keys }) => sum + keys, 0);
    const [{ orders }] = await asOwner(
      world.platform,
      'select count(*)::int as orders from orders where event_id = $1',
      [world.selling.eventId],
      'ticket_api',
    );
    const kept = world.traffics.reduce((sum, traffic) => sum + traffic.orders.size, 0);
    expect(orders).toBeGreaterThanOrEqual(kept + world.otherOrders);
    expect(orders).toBeLessThanOrEqual(keys + world.otherOrders);
  });

  it('the invariants hold, and no service has answered 500', async () => {
    expect(world.failures()).toEqual([]);
    expect(await world.audit()).toMatchObject({ code: 0 });
  });
});
