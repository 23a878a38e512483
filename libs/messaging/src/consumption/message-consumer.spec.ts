import { paymentFailed, paymentOpened, paymentRefundFailed } from '@app/contracts';
import { Database, dataSourceOptions } from '@app/persistence';
import { Cable, createTestDatabase, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Tables1000000000000 } from '../testing/consuming-service.js';
import { checkedOptions } from '../messaging-options.js';
import type { Received } from './handlers.js';
import { MessageConsumer } from './message-consumer.js';
import type { Outcome } from './outcome.js';

jest.setTimeout(30_000);

describe('consuming a message', () => {
  let test: TestDatabase;
  let cable: Cable;
  let source: DataSource;
  let consumer: MessageConsumer;
  let database: Database;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase([Tables1000000000000], 'consumer');
    const through = await Cable.to(test.url, 5432);
    cable = through.cable;
    source = await new DataSource(dataSourceOptions({ url: through.url, applicationName: 'spec' })).initialize();
    const options = checkedOptions({ service: 'ticket-api', brokerDatabaseUrl: 'unused', retryDelays: [2] });
    database = new Database(source);
    consumer = new MessageConsumer(database, options);
  });
  afterAll(async () => {
    await source.destroy();
    await cable.pull();
    await test.drop();
  });

  const body = () => ({
    id: uuidv7(),
    type: paymentOpened.type,
    tenantId: uuidv7(),
    occurredAt: new Date().toISOString(),
    correlationId: 'c',
    data: { orderId: uuidv7(), paymentId: uuidv7(), unknownField: 'of a later version' },
  });

  it('hard case 38: hands over what the contract knows, and ignores the rest', async () => {
    const message = body();
    const seen: unknown[] = [];
    expect(
      await consumer.consume(message, 0, async (group) => void seen.push(...group.map(({ message }) => message.data))),
    ).toEqual({ kind: 'done' });
    expect(seen).toEqual([{ orderId: message.data.orderId, paymentId: message.data.paymentId }]);
  });

  it('hard case 38: takes what the release before leaves out, and hands it over as left out', async () => {
    const data = { orderId: uuidv7(), refundId: uuidv7(), amount: { amount: 1, currency: 'EUR' }, reason: 'declined' };
    expect(Object.keys(paymentRefundFailed.data.shape)).toEqual(expect.arrayContaining(['paymentId', 'sequence']));
    const seen: unknown[] = [];
    const outcome = await consumer.consume(
      { ...body(), type: paymentRefundFailed.type, data },
      0,
      async (group) => void seen.push(...group.map(({ message }) => message.data)),
    );
    expect([outcome, seen]).toEqual([{ kind: 'done' }, [data]]);
  });

  it.each([
    ['is no envelope', 'text', /invalid envelope/],
    ['has no uuid', { ...body(), id: '7' }, /invalid envelope/],
    ['is of no tenant', { ...body(), tenantId: 'ours' }, /invalid envelope/],
    ['is of an unknown type', { ...body(), type: 'payment.opened.v99' }, /unknown type/],
    ['breaks its contract', { ...body(), data: { orderId: 7 } }, /invalid body/],
  ])('what %s is a dead letter at once, and handled by nobody', async (_, unreadable, error) => {
    const outcome = await consumer.consume(unreadable, 0, () => Promise.reject(new Error('handled')));
    expect(outcome).toEqual({ kind: 'dead', failures: 0, error: expect.stringMatching(error) });
  });

  it('a message that waits behind others is not late: its time begins with its turn', async () => {
    // Only the limit of a handler; whoever waits for the database waits as ever.
    jest.useFakeTimers({
      doNotFake: [
        ...(['Date', 'hrtime', 'performance', 'nextTick', 'queueMicrotask'] as const),
        ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
      ],
    });
    try {
      const tenantId = uuidv7();
      let open = () => {};
      const gate = new Promise<void>((resolve) => (open = resolve));
      let first!: Promise<Outcome>;
      await new Promise<void>((begun) => {
        const hang = () => {
          begun();
          return gate;
        };
        first = consumer.consume({ ...body(), tenantId }, 0, hang);
      });
      const second = consumer.consume({ ...body(), tenantId }, 0, async () => undefined);
      jest.advanceTimersByTime(26_000);
      expect(await first).toMatchObject({ kind: 'retry', failures: 1 });
      open();
      expect(await second).toEqual({ kind: 'done' });
    } finally {
      jest.useRealTimers();
    }
  });

  it('two tries at the same moment have one effect: the second waits for the first', async () => {
    const message = body();
    let effects = 0;
    const slowly = async () => {
      effects += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    const outcomes = await Promise.all([consumer.consume(message, 0, slowly), consumer.consume(message, 0, slowly)]);
    expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(effects).toBe(1);
  });

  describe('in groups', () => {
    const tenantId = uuidv7();
    const bodies = (count: number) => Array.from({ length: count }, () => ({ ...body(), tenantId }));
    /** Handles by telling the transaction, and fails for these ids. */
    const handler =
      (transactions: Map<string, string>, failing: readonly string[] = []) =>
      async (group: readonly Received[]) => {
        if (group.some(({ message }) => failing.includes(message.id))) throw new Error('of its own');
        const [row] = await database.current().query<{ id: string }>('select pg_current_xact_id()::text as id');
        for (const { message } of group) transactions.set(message.id, row?.id ?? '');
      };
    const inbox = async (ids: string[]) =>
      Number(
        (await test.asOwner<{ count: string }>('select count(*) from inbox where message_id = any($1)', [ids]))[0]
          ?.count,
      );

    it('messages of a type and a tenant that wait at the same moment share a transaction', async () => {
      const transactions = new Map<string, string>();
      const messages = bodies(40);
      const outcomes = await Promise.all(
        messages.map((message) => consumer.consume(message, 0, handler(transactions))),
      );
      expect(outcomes).toEqual(messages.map(() => ({ kind: 'done' })));
      expect([transactions.size, new Set(transactions.values()).size]).toEqual([40, 1]);
      expect(await inbox(messages.map(({ id }) => id))).toBe(40);
    });

    it('messages of two tenants never share one, each has its own tenant to write for', async () => {
      const seen: { message: string; transaction: string }[] = [];
      const messages = [body(), body(), body(), body()];
      await Promise.all(
        messages.map((message) =>
          consumer.consume(message, 0, async (group) => {
            const transaction = database.current().tenantId ?? '';
            for (const { message } of group) seen.push({ message: message.tenantId, transaction });
          }),
        ),
      );
      expect(seen.map(({ message }) => message).sort()).toEqual(messages.map(({ tenantId }) => tenantId).sort());
      for (const { message, transaction } of seen) expect(transaction).toBe(message);
    });

    it('messages of two types never share one, each has the handler of its type', async () => {
      const opened = bodies(3);
      const failed = bodies(3).map((message) => ({ ...message, type: paymentFailed.type }));
      const seen: [string, string][] = [];
      const by = (name: string) => async (group: readonly Received[]) =>
        void seen.push(...group.map(({ message }): [string, string] => [name, message.type]));
      await Promise.all([
        ...opened.map((message) => consumer.consume(message, 0, by(paymentOpened.type))),
        ...failed.map((message) => consumer.consume(message, 0, by(paymentFailed.type))),
      ]);
      expect(seen).toHaveLength(6);
      for (const [handler, type] of seen) expect(handler).toBe(type);
    });

    it('one that fails is tried again alone: its neighbours are done, and nothing of it is', async () => {
      const transactions = new Map<string, string>();
      const messages = bodies(9);
      const bad = messages[4]!.id;
      const outcomes = await Promise.all(
        messages.map((message) => consumer.consume(message, 0, handler(transactions, [bad]))),
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(messages.map(({ id }) => (id === bad ? 'retry' : 'done')));
      expect(outcomes[4]).toMatchObject({ failures: 1, error: 'of its own' });
      expect([await inbox(messages.map(({ id }) => id)), await inbox([bad])]).toEqual([8, 0]);
    });

    it('one that came before is not handled again among new ones', async () => {
      const [known, ...fresh] = bodies(6);
      await consumer.consume(known, 0, handler(new Map()));
      const transactions = new Map<string, string>();
      const outcomes = await Promise.all(
        [known, ...fresh].map((message) => consumer.consume(message, 0, handler(transactions))),
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done', 'done', 'done']);
      expect([...transactions.keys()].sort()).toEqual(fresh.map(({ id }) => id).sort());
    });

    it('one that comes twice at the same moment is handled once', async () => {
      const messages = bodies(5);
      const handled: string[] = [];
      const committed = async (group: readonly Received[]) =>
        database.current().afterCommit(() => handled.push(...group.map(({ message }) => message.id)));
      const outcomes = await Promise.all(
        [...messages, messages[2]!].map((message) => consumer.consume(message, 0, committed)),
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'done'));
      expect(handled.sort()).toEqual(messages.map(({ id }) => id).sort());
    });

    it('a group that came before as a whole takes one transaction, and is handled by nobody', async () => {
      const messages = bodies(20);
      await Promise.all(messages.map((message) => consumer.consume(message, 0, handler(new Map()))));
      const opened = jest.spyOn(database, 'asTenant');
      const outcomes = await Promise.all(
        messages.map((message) => consumer.consume(message, 0, () => Promise.reject(new Error('handled again')))),
      );
      expect(outcomes).toEqual(messages.map(() => ({ kind: 'done' })));
      expect(opened).toHaveBeenCalledTimes(1);
      opened.mockRestore();
    });
  });

  it('an outage of the database, its full disk, or a connection that it ends costs a message no try; the next failure of its own does', async () => {
    const message = body();
    const began = performance.now();
    const outcome = await consumer.consume(message, 1, async () => {
      await cable.pull();
      throw new Error('anything');
    });
    // The rest of a full queue is not run through in vain.
    expect(performance.now() - began).toBeGreaterThan(2_900);
    expect(outcome).toMatchObject({ kind: 'retry', failures: 1, afterSeconds: 2 });
    await cable.plugIn();
    await test.asOwner(
      `create function fill_disk() returns void language plpgsql as $$ begin raise 'disk full' using errcode = 'disk_full'; end $$`,
    );
    const full = await consumer.consume(message, 1, async () => {
      await database.current().query('select fill_disk()');
    });
    expect(full).toMatchObject({ kind: 'retry', failures: 1, error: 'disk full' });
    const end = async () => {
      const [{ pid } = { pid: 0 }] = await database.current().query<{ pid: number }>('select pg_backend_pid() as pid');
      await test.asOwner('select pg_terminate_backend($1)', [pid]);
      await database.current().query('select 1');
    };
    const ended = await consumer.consume(message, 1, end);
    expect(ended).toMatchObject({
      kind: 'retry',
      failures: 1,
      error: expect.stringMatching(/^terminating connection/),
    });
    const own = consumer.consume(message, 1, () => Promise.reject(new Error('of its own')));
    expect(await own).toEqual({ kind: 'dead', failures: 2, error: 'of its own' });
  });
});
