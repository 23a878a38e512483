import { paymentFailed, paymentOpened, paymentSucceeded, message, type DataOf, type Envelope } from '@app/contracts';
import { requestContext } from '@app/observability';
import { createTestDatabase, eventually, type TestDatabase } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { MessageConsumer } from './consumption/message-consumer.js';
import { runDeadLetterCommand } from './dead-letters/command.js';
import { Messaging } from './messaging.js';
import { Outbox } from './outbox/outbox.js';
import { brokers, RETRY_DELAYS, type TestBroker } from './testing/brokers.js';
import { Payments, REFUSED, script, startService, Tables1000000000000 } from './testing/consuming-service.js';

jest.setTimeout(60_000);

const TENANT = uuidv7();

describe.each(brokers)('messages over $transport', ({ make }) => {
  let test: TestDatabase;
  let broker: TestBroker;
  let service: INestApplication;

  beforeAll(async () => {
    [test, broker] = await Promise.all([createTestDatabase([Tables1000000000000], 'messaging'), make()]);
    service = await startService(test.url, broker.options);
    await eventually(async () => expect(await service.get(Messaging).isUp()).toBe(true));
  });
  afterAll(async () => {
    await service?.close();
    await broker?.drop();
    await test?.drop();
  });
  beforeEach(() => {
    script.onOpened = async () => {};
    script.onFailed = async () => {};
  });
  afterEach(async () => {
    await test.asOwner('truncate effects, inbox');
  });

  const opened = () => ({ orderId: uuidv7(), paymentId: uuidv7() });
  const send = (data: DataOf<typeof paymentOpened> = opened()) =>
    test.database.asTenant(TENANT, () => service.get(Outbox).add(paymentOpened, { tenantId: TENANT, data }));
  const effectsOf = async (id: string) =>
    (await test.asOwner('select from effects where message_id = $1', [id])).length;
  const effects = async () => (await test.asOwner('select from effects')).length;
  const sendAll = (failed: DataOf<typeof paymentFailed>[]) =>
    test.database.asTenant(TENANT, () =>
      service.get(Outbox).addAll(
        paymentFailed,
        failed.map((data) => ({ tenantId: TENANT, data })),
      ),
    );
  const crowd = (size: number) => Array.from({ length: size }, opened);
  const envelope = (id = uuidv7()): Envelope => ({
    id,
    type: paymentOpened.type,
    tenantId: TENANT,
    occurredAt: new Date().toISOString(),
    correlationId: id,
    data: opened(),
  });
  const deadLetters = async (...more: string[]) => {
    let text = '';
    await runDeadLetterCommand([...more, '--json'], () => broker.environment, { out: (part) => (text += part) });
    return JSON.parse(text) as { id: string; service: string; failures: number; error: string; body: unknown }[];
  };

  it('a message that is committed has its effect, and one that is rolled back has none', async () => {
    const id = await send();
    const rolledBack = test.database.asTenant(TENANT, async () => {
      await service.get(Outbox).add(paymentOpened, { tenantId: TENANT, data: opened() });
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    await eventually(async () => expect(await effectsOf(id)).toBe(1));
    await sleep(300);
    expect(await effects()).toBe(1);
  });

  it('a thousand messages arrive once each, and the outbox is empty', async () => {
    const messages = Array.from({ length: 1_000 }, () => ({ tenantId: TENANT, data: opened() }));
    await test.database.asTenant(TENANT, () => service.get(Outbox).addAll(paymentOpened, messages));
    await eventually(async () => expect(await effects()).toBe(1_000), 30_000);
    await eventually(async () =>
      expect(await service.get(Messaging).backlog()).toEqual({ messages: 0, oldestSeconds: 0 }),
    );
  });

  it('a message that comes twice has one effect', async () => {
    const twice = envelope();
    await broker.inject(twice);
    await broker.inject(twice);
    await broker.inject(twice);
    const after = await send();
    await eventually(async () => expect(await effectsOf(after)).toBe(1));
    await sleep(300);
    expect(await effectsOf(twice.id)).toBe(1);
  });

  it('a handler that fails twice has one effect, after growing delays', async () => {
    const tries: number[] = [];
    script.onOpened = async () => {
      tries.push(Date.now());
      if (tries.length < 3) throw new Error('not yet');
    };
    const id = await send();
    await eventually(async () => expect(await effectsOf(id)).toBe(1));
    const [first, second, third] = tries as [number, number, number];
    expect(second - first).toBeGreaterThanOrEqual(RETRY_DELAYS[0]! * 1000);
    expect(third - second).toBeGreaterThanOrEqual(RETRY_DELAYS[1]! * 1000);
    expect(tries).toHaveLength(3);
  });

  it('what a failing try wrote is gone: effect, inbox row and outgoing message commit together', async () => {
    const committed: string[] = [];
    let tries = 0;
    script.onOpened = async ({ tenantId }) => {
      committed.push(await service.get(Outbox).add(paymentSucceeded, { tenantId, data: succeeded() }));
      if ((tries += 1) === 1) throw new Error('after writing');
    };
    const id = await send();
    await eventually(async () => expect(await effectsOf(id)).toBe(1));
    const inbox = async () =>
      (await test.asOwner<{ message_id: string }>('select message_id from inbox')).map((row) => row.message_id);
    await eventually(async () => expect(await inbox()).toEqual(expect.arrayContaining([id, committed[1]])));
    expect(await inbox()).not.toContain(committed[0]);
  });
  const succeeded = () => ({ ...opened(), amount: { amount: 4500, currency: 'EUR' } });

  it('what follows from a message bears its correlation id and continues its trace', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const seen: Envelope[] = [];
    script.onOpened = async (received) => {
      seen.push(received);
      const { correlationId, tenantId } = received;
      if (seen.length === 1) await service.get(Outbox).add(paymentOpened, { tenantId, data: opened() });
      expect(requestContext.getStore()).toMatchObject({ requestId: received.id, correlationId });
    };
    const traceparent = `00-${trace}-b7ad6b7169203331-01`;
    const first = { tenantId: TENANT, data: opened(), correlationId: 'a-request', traceparent };
    await test.database.asTenant(TENANT, () => service.get(Outbox).add(paymentOpened, first));
    await eventually(async () => expect(seen).toHaveLength(2));
    expect(seen.map(({ correlationId }) => correlationId)).toEqual(['a-request', 'a-request']);
    expect(seen[1]!.traceparent).toMatch(new RegExp(`^00-${trace}-(?!b7ad6b7169203331)`));
  });

  it('what waits together is handed over together, each with its own correlation and trace', async () => {
    const groups: number[] = [];
    const followed: Envelope[] = [];
    script.onFailed = async (messages) => {
      groups.push(messages.length);
      expect(requestContext.getStore()).toBeUndefined();
      await service.get(Outbox).addAll(
        paymentOpened,
        messages.map(({ tenantId, correlationId, traceparent }) => ({
          ...{ tenantId, correlationId, traceparent },
          data: opened(),
        })),
      );
    };
    script.onOpened = async (received) => void followed.push(received);
    const traces = Array.from({ length: 30 }, (_, index) => (index + 1).toString(16).padStart(32, 'a'));
    const messages = traces.map((trace, index) => ({
      ...{ tenantId: TENANT, data: opened(), correlationId: `request-${index}` },
      traceparent: `00-${trace}-b7ad6b7169203331-01`,
    }));
    await test.database.asTenant(TENANT, () => service.get(Outbox).addAll(paymentFailed, messages));
    await eventually(async () => expect(followed).toHaveLength(30));
    expect(groups.length).toBeLessThan(15);
    const told = followed.map(({ correlationId, traceparent }) => [correlationId, traceparent?.slice(3, 35)]);
    expect(new Map(told as [string, string][])).toEqual(
      new Map(traces.map((trace, index) => [`request-${index}`, trace])),
    );
    expect(followed.every(({ traceparent }) => !traceparent?.includes('b7ad6b7169203331'))).toBe(true);
  });

  it('in a crowd the message that the database refuses, or that nobody can read, harms no other', async () => {
    const good = crowd(60);
    const unreadable = { ...envelope(), type: paymentFailed.type, data: { orderId: 7 } };
    const [ids] = await Promise.all([
      sendAll([...good.slice(0, 30), { ...opened(), orderId: REFUSED }, ...good.slice(30)]),
      broker.inject(unreadable),
    ]);
    await eventually(async () => expect(await effects()).toBe(60), RETRY_DELAYS[1]! * 1000);
    await eventually(async () => expect(await deadLetters('list')).toHaveLength(2), 15_000);
    const letters = new Map((await deadLetters('list')).map((letter) => [letter.id, letter]));
    expect(letters.get(ids[30]!)).toMatchObject({ failures: RETRY_DELAYS.length + 1 });
    expect(letters.get(ids[30]!)?.error).toMatch(/effects_order_id_check/);
    expect(letters.get(unreadable.id)).toMatchObject({ failures: 0 });
    expect(await effects()).toBe(60);
    await broker.cleanDeadLetters();
  });

  it('hard case 16: a group whose acknowledgement was lost comes again, and has its effects once', async () => {
    const deliveries = jest.spyOn(service.get(MessageConsumer), 'consume');
    let cut = false;
    script.onFailed = async () => {
      if (!cut) await broker.cable.pull();
      cut = true;
    };
    await sendAll(crowd(20));
    await eventually(async () => expect(await effects()).toBeGreaterThan(0));
    const before = deliveries.mock.calls.length;
    // Long enough for the acknowledgement, which follows the commit, to have failed.
    await sleep(1_000);
    await broker.cable.plugIn();
    await eventually(async () => {
      expect(await effects()).toBe(20);
      expect(await service.get(Messaging).backlog()).toMatchObject({ messages: 0 });
      expect(deliveries.mock.calls.length).toBeGreaterThan(Math.max(before, 20));
    }, 40_000);
    await sleep(500);
    expect(await effects()).toBe(20);
    deliveries.mockRestore();
  });

  it('hard case 18: after its last try a message is a dead letter, and can be replayed with all its tries before it', async () => {
    let tries = 0;
    let broken = true;
    script.onOpened = async () => {
      tries += 1;
      if (broken) throw new Error('the cause');
    };
    const id = await send();
    await eventually(async () => expect(await deadLetters('list')).toHaveLength(1), 15_000);
    expect(tries).toBe(RETRY_DELAYS.length + 1);
    expect(await deadLetters('show', id)).toMatchObject([
      { id, service: 'ticket-api', failures: tries, error: 'the cause', body: { id, tenantId: TENANT } },
    ]);
    expect(await deadLetters('list', '--service', 'payment-service')).toEqual([]);

    expect(await deadLetters('replay', id)).toMatchObject([{ id }]);
    await eventually(async () => expect(tries).toBe(2 * (RETRY_DELAYS.length + 1)), 15_000);
    await eventually(async () => expect(await deadLetters('list')).toHaveLength(1));
    broken = false;
    expect(await deadLetters('replay', '--all')).toHaveLength(1);
    await eventually(async () => expect(await effectsOf(id)).toBe(1));
    expect(await deadLetters('list')).toEqual([]);
  });

  it('hard case 18: what nobody can read is a dead letter at once, and holds up nothing', async () => {
    const unreadable = [
      'not an envelope',
      { ...envelope(), id: 'not a uuid' },
      { ...envelope(), type: 'payment.opened.v99' },
      { ...envelope(), data: { orderId: 7 } },
    ];
    for (const body of unreadable) await broker.inject(body);
    const id = await send();
    await eventually(async () => expect(await effectsOf(id)).toBe(1), RETRY_DELAYS[1]! * 1000);
    await eventually(async () => expect(await deadLetters('list')).toHaveLength(4));
    const letters = await deadLetters('list');
    expect(letters.map(({ failures }) => failures)).toEqual([0, 0, 0, 0]);
    expect(
      letters
        .map(({ error }) => error)
        .sort()
        .join('\n'),
    ).toMatch(/invalid body.*orderId.*invalid envelope.*unknown type/s);
    expect(await effects()).toBe(1);
    await deadLetters('replay', '--all');
    await eventually(async () => expect(await deadLetters('list')).toHaveLength(4));
    await broker.cleanDeadLetters();
  });

  it('the message of a consumer that died goes to another', async () => {
    await service.close();
    await broker.inject(envelope());
    await broker.takeAndDie();
    service = await startService(test.url, broker.options);
    await eventually(async () => expect(await effects()).toBe(1), 40_000);
  });

  it('messages that left together, and whose consumer died, have one effect each with another', async () => {
    const together = Array.from({ length: 30 }, () => envelope());
    await service.close();
    await broker.inject(...together);
    await broker.takeAndDie();
    service = await startService(test.url, broker.options);
    await eventually(async () => expect(await effects()).toBe(30), 60_000);
    await eventually(async () => expect(await broker.kept()).toBe(0), 40_000);
    expect(await effects()).toBe(30);
  }, 120_000);

  it('hard case 15: while the broker is away messages wait in the outbox; when it is back they leave and are taken by themselves', async () => {
    await broker.cable.pull();
    await eventually(async () => expect(await service.get(Messaging).isUp()).toBe(false));
    const id = await send();
    await sleep(1_500);
    expect(await service.get(Messaging).backlog()).toMatchObject({ messages: 1 });
    await broker.cable.plugIn();
    await eventually(async () => expect(await effectsOf(id)).toBe(1), 20_000);
    await eventually(async () => expect(await service.get(Messaging).isUp()).toBe(true));
  });

  it('a service starts while the broker is away, and takes messages when it comes', async () => {
    await service.close();
    await broker.cable.pull();
    service = await startService(test.url, broker.options);
    const id = await send();
    expect(await service.get(Messaging).isUp()).toBe(false);
    await broker.cable.plugIn();
    await eventually(async () => expect(await effectsOf(id)).toBe(1), 20_000);
  });

  it('a shutdown lets the running handler finish, sends what it said, and takes nothing new', async () => {
    let entered = false;
    script.onOpened = async ({ tenantId }) => {
      entered = true;
      await sleep(1_500);
      await service.get(Outbox).add(paymentSucceeded, { tenantId, data: succeeded() });
    };
    const running = await send();
    await eventually(async () => expect(entered).toBe(true));
    const closed = service.close();
    await sleep(500);
    script.onOpened = async () => {};
    const late = envelope();
    await broker.inject(late);
    await closed;
    expect(await effectsOf(running)).toBe(1);
    expect(await test.asOwner('select from outbox')).toEqual([]);
    expect(await effectsOf(late.id)).toBe(0);

    service = await startService(test.url, broker.options);
    await eventually(async () => expect(await effectsOf(late.id)).toBe(1));
    expect(await effectsOf(running)).toBe(1);
  });

  it('the outbox refuses what nobody subscribed to, what breaks its contract and what is of another tenant', async () => {
    const outbox = service.get(Outbox);
    const inTransaction = (work: () => Promise<unknown>) => test.database.asTenant(TENANT, work);
    const tenantId = TENANT;
    const unheard = message('nobody.listens.v1', z.object({}));
    await expect(inTransaction(() => outbox.add(unheard, { tenantId, data: {} }))).rejects.toThrow(/Nobody subscribed/);
    const broken = { orderId: 'x', paymentId: uuidv7() };
    await expect(inTransaction(() => outbox.add(paymentOpened, { tenantId, data: broken }))).rejects.toThrow(
      /breaks its contract/,
    );
    const foreign = { tenantId: uuidv7(), data: opened() };
    await expect(inTransaction(() => outbox.add(paymentOpened, foreign))).rejects.toThrow(/does not belong/);
    await expect(outbox.add(paymentOpened, { tenantId, data: opened() })).rejects.toThrow(/No transaction is open/);
  });

  it('a service whose handlers differ from its subscriptions does not start', async () => {
    await expect(startService(test.url, broker.options, [])).rejects.toThrow(/payment\.opened\.v1 has no handler/);
    class Again extends Payments {}
    await expect(startService(test.url, broker.options, [Payments, Again])).rejects.toThrow(/several handlers/);
  });
});
