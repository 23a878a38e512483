import { paymentOpened } from '@app/contracts';
import { Database, dataSourceOptions } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Cable } from '../testing/cable.js';
import { Tables1000000000000 } from '../testing/consuming-service.js';
import { checkedOptions } from '../messaging-options.js';
import { MessageConsumer } from './message-consumer.js';

jest.setTimeout(30_000);

describe('consuming a message', () => {
  let test: TestDatabase;
  let cable: Cable;
  let source: DataSource;
  let consumer: MessageConsumer;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase([Tables1000000000000], 'consumer');
    const through = await Cable.to(test.url, 5432);
    cable = through.cable;
    source = await new DataSource(dataSourceOptions({ url: through.url, applicationName: 'spec' })).initialize();
    const options = checkedOptions({ service: 'ticket-api', brokerDatabaseUrl: 'unused', retryDelays: [2] });
    consumer = new MessageConsumer(new Database(source), options);
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

  it('hands over what the contract knows, and ignores the rest', async () => {
    const message = body();
    const seen: unknown[] = [];
    expect(await consumer.consume(message, 0, async ({ data }) => void seen.push(data))).toEqual({ kind: 'done' });
    expect(seen).toEqual([{ orderId: message.data.orderId, paymentId: message.data.paymentId }]);
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

  it('an outage of the database costs a message no try; the next failure of its own does', async () => {
    const message = body();
    const outcome = await consumer.consume(message, 1, async () => {
      await cable.pull();
      throw new Error('anything');
    });
    expect(outcome).toMatchObject({ kind: 'retry', failures: 1, afterSeconds: 2 });
    await cable.plugIn();
    const own = consumer.consume(message, 1, () => Promise.reject(new Error('of its own')));
    expect(await own).toEqual({ kind: 'dead', failures: 2, error: 'of its own' });
  });
});
