import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { PgBoss, type Job } from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import { paymentOpened, type Envelope } from '@app/contracts';
import { eventually } from '@app/testing';
import type { Outcome } from '../consumption/outcome.js';
import { brokers, SERVICE, type TestBroker } from '../testing/brokers.js';
import { bossOptions } from './pg-boss-broker.js';
import { PgBossPublisher } from './pg-boss.publisher.js';
import { deadLettersOf, type Bundle, type MessageJob } from './queues.js';
import { Settlement } from './settlement.js';

let broker: TestBroker;
let boss: PgBoss;

beforeAll(async () => {
  broker = await brokers[0]!.make();
  boss = new PgBoss({ ...bossOptions(broker.options.brokerDatabaseUrl!, 'settlement-spec'), supervise: false });
  boss.on('error', () => undefined);
  await boss.start();
});
afterAll(async () => {
  await boss.stop({ graceful: false });
  await broker.drop();
});
beforeEach(() => boss.getDb().executeSql('delete from pgboss.job'));

const messages = (count: number): Envelope[] =>
  Array.from({ length: count }, () => {
    const id = uuidv7();
    return {
      id,
      type: paymentOpened.type,
      tenantId: id,
      occurredAt: new Date(0).toISOString(),
      correlationId: id,
      data: {},
    };
  });
const publish = (some: Envelope[]) => new PgBossPublisher({ started: async () => boss } as never).publishAll(some);
const claim = () =>
  boss.fetch<Bundle | MessageJob>(SERVICE, { batchSize: 100, includeMetadata: true }) as Promise<
    Job<Bundle | MessageJob>[]
  >;
const waiting = async () =>
  (await boss.findJobs<MessageJob>(SERVICE, { queued: true })).map(({ id, data }) => ({ id, failures: data.failures }));

it('messages that are published together are few jobs, and one alone is a job of its own id', async () => {
  const [alone] = messages(1);
  await publish([alone!]);
  await publish(messages(120));
  const sizes = (await claim()).map(({ data }) => ('envelopes' in data ? data.envelopes.length : 1));
  expect(sizes.sort((a, b) => a - b)).toEqual([1, 20, 50, 50]);
  expect((await boss.getJobById(SERVICE, alone!.id))?.data).toEqual({ envelope: alone });
});

it('of messages that came together each has its own outcome, and the others are gone', async () => {
  const some = messages(10);
  await publish(some);
  const settlement = new Settlement(boss, SERVICE, (envelope) => {
    if (envelope.id === some[2]!.id) return { kind: 'retry', afterSeconds: 60, failures: 1, error: 'not yet' };
    if (envelope.id === some[5]!.id) return { kind: 'dead', failures: 1, error: 'never' };
    return { kind: 'done' };
  });
  await settlement.settleAll(await claim());
  expect(await waiting()).toEqual([{ id: some[2]!.id, failures: 1 }]);
  expect(await claim()).toEqual([]);
  const [letter] = await boss.findJobs<MessageJob>(deadLettersOf(SERVICE), { queued: true });
  expect(letter).toMatchObject({ id: some[5]!.id, data: { envelope: some[5], error: 'never' } });
});

it('messages whose process ended are tried each alone, as one of them may have ended it', async () => {
  const some = messages(10);
  await publish(some);
  await boss.fail(SERVICE, await claim());
  let jobs: Job<Bundle | MessageJob>[] = [];
  await eventually(async () => expect((jobs = await claim())).toHaveLength(1));
  const settlement = new Settlement(boss, SERVICE, () => {
    throw new Error('tried together');
  });
  await settlement.settleAll(jobs);
  expect((await waiting()).map(({ id }) => id).sort()).toEqual(some.map(({ id }) => id).sort());
});

/** Settles one message that is tried with this outcome. @returns how many tries failed before, and whether it is given up */
async function settleOne(outcome: Outcome): Promise<{ failures: number; isGivenUp: boolean } | undefined> {
  let seen: { failures: number; isGivenUp: boolean } | undefined;
  const settlement = new Settlement(boss, SERVICE, (_, failures, isGivenUp) => {
    seen = { failures, isGivenUp };
    return outcome;
  });
  await settlement.settleAll(await claim());
  return seen;
}
const dead: Outcome = { kind: 'dead', failures: 3, error: 'never' };
const again = (afterSeconds: number): Outcome => ({ kind: 'retry', afterSeconds, failures: 2, error: 'not yet' });
const returnAtOnce = () => boss.getDb().executeSql('update pgboss.job set start_after = now()');

it('a message alone that fails for the last time is a dead letter, and gone from its queue', async () => {
  const [message] = messages(1);
  await publish([message!]);
  await settleOne(dead);
  const [letter] = await boss.findJobs<MessageJob>(deadLettersOf(SERVICE), { queued: true });
  expect(letter).toMatchObject({ id: message!.id, data: { envelope: message, failures: 3, error: 'never' } });
  expect(await boss.findJobs(SERVICE)).toEqual([]);
});

it('a message alone that failed comes again after its delay, with its tries', async () => {
  await publish(messages(1));
  await settleOne(again(60));
  expect(await claim()).toEqual([]);
  const [job] = await boss.findJobs(SERVICE);
  expect(job!.startAfter.getTime() - Date.now()).toBeGreaterThan(55_000);
  await returnAtOnce();
  expect(await settleOne({ kind: 'done' })).toEqual({ failures: 2, isGivenUp: false });
});

it('a message that is replayed has all its tries before it', async () => {
  const [message] = messages(1);
  await publish([message!]);
  await settleOne(again(60));
  await returnAtOnce();
  await settleOne(dead);
  await boss.redrive(deadLettersOf(SERVICE), { ids: [message!.id], destination: SERVICE });
  expect(await settleOne({ kind: 'done' })).toEqual({ failures: 0, isGivenUp: false });
});

it('a message with which twenty processes ended is given up', async () => {
  await publish(messages(1));
  await boss.getDb().executeSql('update pgboss.job set retry_count = 20');
  expect(await settleOne(again(60))).toMatchObject({ isGivenUp: false });
  await boss.getDb().executeSql('update pgboss.job set retry_count = retry_count + 21, start_after = now()');
  expect(await settleOne({ kind: 'done' })).toEqual({ failures: 2, isGivenUp: true });
});
