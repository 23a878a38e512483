import { paymentOpened } from '@app/contracts';
import { createTestDatabase, eventually, type TestDatabase } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type INestApplication } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { brokers, type TestBroker } from '../testing/brokers.js';
import { startService, Tables1000000000000 } from '../testing/consuming-service.js';
import { Messaging } from '../messaging.js';
import { Outbox } from './outbox.js';
import { BATCH, Relay } from './relay.js';

jest.setTimeout(60_000);

const TENANT = uuidv7();

describe.each(brokers)('the relay over $transport', ({ make }) => {
  let test: TestDatabase;
  let broker: TestBroker;
  const replicas: INestApplication[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    [test, broker] = await Promise.all([createTestDatabase([Tables1000000000000], 'relay'), make()]);
    for (let replica = 0; replica < 2; replica += 1) replicas.push(await startService(test.url, broker.options));
    await eventually(async () => expect(await replicas[1]!.get(Messaging).isUp()).toBe(true));
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    await broker?.drop();
    await test?.drop();
  });

  const data = () => ({ orderId: uuidv7(), paymentId: uuidv7() });
  const effects = async () => (await test.asOwner('select from effects')).length;
  const backlog = () => replicas[0]!.get(Messaging).backlog();

  it('replicas share the work, and every message has one effect', async () => {
    const messages = Array.from({ length: 50 }, () => ({ tenantId: TENANT, data: data() }));
    await Promise.all(
      replicas.map((replica) =>
        test.database.asTenant(TENANT, () => replica.get(Outbox).addAll(paymentOpened, messages)),
      ),
    );
    await eventually(async () => expect(await effects()).toBe(100));
    await eventually(async () => expect(await backlog()).toEqual({ messages: 0, oldestSeconds: 0 }));
  });

  it('the broker keeps nothing of what is done', async () => {
    await eventually(async () => expect(await broker.kept()).toBe(0), 10_000);
  });

  it('hard case 17: a crash after publishing, before the row is gone, makes a duplicate that has no second effect', async () => {
    await test.asOwner('truncate effects');
    await test.asOwner(`create function fail_once() returns trigger language plpgsql security definer as
      $$ begin if (select count(*) from crashes) > 0 then raise 'crashed'; end if; return old; end $$`);
    await test.asOwner('create table crashes as select 1');
    await test.asOwner('create trigger crash before delete on outbox for each row execute function fail_once()');
    const add = () => replicas[0]!.get(Outbox).add(paymentOpened, { tenantId: TENANT, data: data() });
    await test.database.asTenant(TENANT, add);
    await eventually(async () => expect(await effects()).toBe(1));
    expect(await backlog()).toMatchObject({ messages: 1 });
    await test.asOwner('truncate crashes');
    await eventually(async () => expect(await backlog()).toMatchObject({ messages: 0 }));
    expect(await effects()).toBe(1);
  });

  it('a row that no wake-up announced, left behind by another process, is found', async () => {
    await test.asOwner('truncate effects');
    await test.asOwner(`insert into outbox (id, tenant_id, type, correlation_id, data) values ($1, $2, $3, 'c', $4)`, [
      uuidv7(),
      TENANT,
      paymentOpened.type,
      data(),
    ]);
    await eventually(async () => expect(await effects()).toBe(1));
  });
});

describe('two relays at once', () => {
  let test: TestDatabase;
  const relays: Relay[] = [];
  beforeAll(async () => {
    test = await createTestDatabase([Tables1000000000000], 'relays');
  });
  afterAll(async () => {
    for (const relay of relays) await relay.stop();
    await test?.drop();
  });

  /** A relay to a broker that confirms when `confirm` does. @returns the ids that it was given so far */
  function relay(confirm: Promise<void>): string[] {
    const given: string[] = [];
    const publishAll = async (messages: readonly { id: string }[]) => {
      const ids = messages.map(({ id }) => id);
      given.push(...ids);
      await confirm;
      return ids;
    };
    const begun = new Relay(test.database, { isUp: async () => true, publishAll, close: async () => {} });
    relays.push(begun);
    begun.start();
    return given;
  }

  it('do not wait for each other: one passes over what the other is sending', async () => {
    await test.asOwner(
      `insert into outbox (id, tenant_id, type, correlation_id, data)
       select gen_random_uuid(), $1, $2, 'c', '{}' from generate_series(1, ${BATCH + 50})`,
      [TENANT, paymentOpened.type],
    );
    let confirm!: () => void;
    const slow = relay(new Promise((resolve) => (confirm = resolve)));
    await eventually(async () => expect(slow).toHaveLength(BATCH));
    const quick = relay(Promise.resolve());
    await eventually(async () => expect(quick).toHaveLength(50), 4_000);
    confirm();
    await eventually(async () => expect(await test.asOwner('select from outbox')).toEqual([]));
    expect(new Set([...slow, ...quick]).size).toBe(BATCH + 50);
    expect(slow.length + quick.length).toBe(BATCH + 50);
  });
});

describe('what the broker does not confirm', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase([Tables1000000000000], 'unconfirmed');
  });
  beforeEach(async () => {
    await test.asOwner(
      `insert into outbox (id, tenant_id, type, correlation_id, data)
       select gen_random_uuid(), $1, $2, 'c', '{}' from generate_series(1, 3)`,
      [TENANT, paymentOpened.type],
    );
  });
  afterEach(async () => {
    jest.useRealTimers();
    await test.asOwner('truncate outbox');
  });
  afterAll(() => test?.drop());

  const waiting = async () => (await test.asOwner<{ id: string }>('select id from outbox')).map(({ id }) => id);
  const over = (publishAll: (ids: string[]) => Promise<string[]>, close = async () => {}) =>
    new Relay(test.database, {
      ...{ isUp: async () => true, close },
      publishAll: (messages) => publishAll(messages.map(({ id }) => id)),
    });

  it('stays in the outbox, and is no success', async () => {
    let confirmed: string[] = [];
    const relay = over(async (ids) => (confirmed = ids.slice(0, 2)));
    await expect(relay.pass()).rejects.toThrow('the broker confirmed 2 of 3 messages');
    const left = await waiting();
    expect([left.length, confirmed.includes(left[0]!)]).toEqual([1, false]);
  });

  it('is waited for so long only', async () => {
    jest.useFakeTimers({ doNotFake: ['Date', 'hrtime', 'performance', 'nextTick', 'queueMicrotask', 'setImmediate'] });
    const pass = over(() => {
      setImmediate(() => jest.advanceTimersByTime(6_000));
      return new Promise(() => {});
    }).pass();
    await expect(pass).rejects.toThrow('publishing took longer than 6 s');
    expect(await waiting()).toHaveLength(3);
  });

  it('a shutdown waits for the pass that runs, sends what is left, and closes the broker last', async () => {
    const steps: string[] = [];
    let began!: () => void;
    const begun = new Promise<void>((resolve) => (began = resolve));
    const relay = over(
      async (ids) => {
        began();
        steps.push('publishing');
        await sleep(100);
        steps.push('confirmed');
        return ids.slice(0, 1);
      },
      async () => void steps.push('closed'),
    );
    relay.start();
    await begun;
    await relay.stop();
    expect(steps).toEqual(['publishing', 'confirmed', 'publishing', 'confirmed', 'closed']);
  });

  it('a shutdown sends all that waits', async () => {
    await over(async (ids) => ids).stop();
    expect(await waiting()).toEqual([]);
  });
});

describe('a stream of messages', () => {
  let test: TestDatabase;
  let relay: Relay;
  let outbox: Outbox;
  /** How many messages each pass took. */
  let passes: number[];
  beforeAll(async () => {
    test = await createTestDatabase([Tables1000000000000], 'stream');
  });
  beforeEach(async () => {
    passes = [];
    const publishAll = async (messages: readonly { id: string }[]) => {
      passes.push(messages.length);
      return messages.map(({ id }) => id);
    };
    relay = new Relay(test.database, { isUp: async () => true, publishAll, close: async () => {} });
    outbox = new Outbox(test.database, relay);
    relay.start();
    await eventually(async () => expect(await test.asOwner('select from outbox')).toEqual([]));
  });
  afterEach(() => relay.stop());
  afterAll(() => test?.drop());

  /** @returns for how many milliseconds messages came, so many in a transaction */
  async function add(transactions: number, each: number): Promise<number> {
    const since = Date.now();
    const message = () => ({ tenantId: TENANT, data: { orderId: uuidv7(), paymentId: uuidv7() } });
    for (let count = 0; count < transactions; count += 1)
      await test.database.asTenant(TENANT, () => outbox.addAll(paymentOpened, Array.from({ length: each }, message)));
    await eventually(() => expect(passes.reduce((sum, count) => sum + count, 0)).toBe(transactions * each));
    return Date.now() - since;
  }

  it('leaves in few passes, the first at once', async () => {
    const milliseconds = await add(100, 1);
    expect(passes[0]).toBeLessThan(10);
    expect(passes.length).toBeLessThan(2 + milliseconds / 15);
  });

  it('leaves in fewer and larger passes in a rush', async () => {
    const milliseconds = await add(100, 12);
    // A full pass leaves more behind, and the next one follows at once.
    expect(passes.filter((count) => count < BATCH).length).toBeLessThan(2 + milliseconds / 100);
  });
});
