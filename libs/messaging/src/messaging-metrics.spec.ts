import { paymentOpened } from '@app/contracts';
import { Metrics } from '@app/observability';
import { createTestDatabase, eventually, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Messaging } from './messaging.js';
import { MOST_COUNTED } from './outbox/relay.js';
import { brokers, type TestBroker } from './testing/brokers.js';
import { startService, Tables1000000000000 } from './testing/consuming-service.js';

jest.setTimeout(60_000);

describe.each(brokers)('the metrics of messages over $transport', ({ make }) => {
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

  const told = async (name: string) => {
    const metrics = await service.get(Metrics, { strict: false }).registry.metrics();
    return Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(metrics)?.[1]);
  };
  /** Messages that were left behind so many seconds ago. */
  const leaveBehind = (count: number, secondsAgo: number) =>
    test.asOwner(
      `insert into outbox (id, tenant_id, type, correlation_id, data, created_at)
       select id, $2, $3, 'c', '{}', now() - make_interval(secs => $4) from unnest($1::uuid[]) as id`,
      [
        Array.from({ length: count }, () => uuidv7({ msecs: Date.now() - secondsAgo * 1000 })),
        ...[uuidv7(), paymentOpened.type, secondsAgo],
      ],
    );

  it('tell how many messages died', async () => {
    expect(await told('dead_letters')).toBe(0);
    await broker.inject({ id: 'no message' });
    await broker.inject({ id: 'nor this' });
    await eventually(async () => expect(await told('dead_letters')).toBe(2));
    await broker.cleanDeadLetters();
    expect(await told('dead_letters')).toBe(0);
  });

  it('tell what waits in the outbox and for how long, and nothing of a broker that is away', async () => {
    expect([await told('outbox_messages'), await told('outbox_oldest_seconds')]).toEqual([0, 0]);
    await broker.cable.pull();
    await eventually(async () => expect(await service.get(Messaging).isUp()).toBe(false));
    await leaveBehind(2, 60);
    await leaveBehind(1, 600);
    expect(await told('outbox_messages')).toBe(3);
    expect(Math.round((await told('outbox_oldest_seconds')) / 10)).toBe(60);
    await eventually(async () => expect(await told('dead_letters')).toBeNaN());
    await leaveBehind(MOST_COUNTED, 1);
    expect(await told('outbox_messages')).toBe(MOST_COUNTED);
    await test.asOwner('truncate outbox');
    await broker.cable.plugIn();
  });
});
