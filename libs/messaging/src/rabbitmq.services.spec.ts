import { paymentOpened } from '@app/contracts';
import { createTestDatabase, eventually, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger, type INestApplication } from '@nestjs/common';
import { connect, type ChannelModel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { runDeadLetterCommand } from './dead-letters/command.js';
import { Messaging } from './messaging.js';
import { Outbox } from './outbox/outbox.js';
import { rabbitMqAddress, type RabbitMqAddress } from './rabbitmq/rabbitmq-address.js';
import { brokers, SERVICE, type TestBroker } from './testing/brokers.js';
import { startService, Tables1000000000000 } from './testing/consuming-service.js';

jest.setTimeout(60_000);

const TENANT = uuidv7();

/** What only RabbitMQ can do to us. */
describe.each(brokers.filter(({ transport }) => transport === 'RabbitMQ'))('$transport', ({ make }) => {
  let test: TestDatabase;
  let broker: TestBroker;
  let service: INestApplication;
  let connection: ChannelModel;
  let address: RabbitMqAddress;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    [test, broker] = await Promise.all([createTestDatabase([Tables1000000000000], 'rabbitmq'), make()]);
    service = await startService(test.url, broker.options);
    address = rabbitMqAddress(broker.environment.RABBITMQ_URL!);
    connection = await connect(address.url);
    await eventually(async () => expect(await service.get(Messaging).isUp()).toBe(true));
  });
  afterAll(async () => {
    await connection?.close();
    await service?.close();
    await broker?.drop();
    await test?.drop();
  });

  const data = () => ({ orderId: uuidv7(), paymentId: uuidv7() });
  const send = () =>
    test.database.asTenant(TENANT, () => service.get(Outbox).add(paymentOpened, { tenantId: TENANT, data: data() }));
  const effectsOf = async (id: string) =>
    (await test.asOwner('select from effects where message_id = $1', [id])).length;

  it('a queue that is deleted under its consumer is declared and consumed again', async () => {
    const channel = await connection.createChannel();
    await channel.deleteQueue(address.names.queueOf(SERVICE));
    await eventually(async () => expect(await service.get(Messaging).isUp()).toBe(false));
    await eventually(async () => expect(await service.get(Messaging).isUp()).toBe(true));
    const id = await send();
    await eventually(async () => expect(await effectsOf(id)).toBe(1));
  });

  it('a message that the broker does not confirm stays in the outbox and is sent again, with one effect', async () => {
    const channel = await connection.createChannel();
    const full = `${address.names.messages}.full`;
    await channel.assertQueue(full, { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
    channel.sendToQueue(full, Buffer.from('all there is room for'));
    await channel.bindQueue(full, address.names.messages, paymentOpened.type);
    await eventually(async () => expect((await channel.checkQueue(full)).messageCount).toBe(1));
    const id = await send();
    await eventually(async () => expect(await effectsOf(id)).toBe(1));
    await sleep(300);
    const backlog = () => service.get(Messaging).backlog();
    expect(await backlog()).toMatchObject({ messages: 1 });
    await channel.deleteQueue(full);
    await eventually(async () => expect(await backlog()).toMatchObject({ messages: 0 }));
    expect(await effectsOf(id)).toBe(1);
  });

  it('a message that no queue is bound for is kept, listed as unroutable and can be replayed', async () => {
    const channel = await connection.createChannel();
    const { names } = address;
    await channel.unbindQueue(names.queueOf(SERVICE), names.messages, paymentOpened.type);
    const id = await send();
    const list = async (...more: string[]) => {
      let text = '';
      await runDeadLetterCommand([...more, '--json'], () => broker.environment, { out: (part) => (text += part) });
      return JSON.parse(text) as unknown[];
    };
    await eventually(async () => expect((await channel.checkQueue(names.unroutable)).messageCount).toBe(1));
    expect(await list('replay', '--all', '--service', 'unroutable')).toMatchObject([{ id, service: 'unroutable' }]);
    await eventually(async () => expect(await effectsOf(id)).toBe(1));
    expect(await list('list')).toEqual([]);
  });

  it('messages survive the broker: they are persistent, and queues and exchanges durable', async () => {
    await service.close();
    const other = await startService(test.url, broker.options);
    await other.get(Messaging).onModuleDestroy();
    const channel = await connection.createChannel();
    await test.database.asTenant(TENANT, () =>
      other.get(Outbox).add(paymentOpened, { tenantId: TENANT, data: data() }),
    );
    const queue = address.names.queueOf(SERVICE);
    await eventually(async () => expect((await channel.checkQueue(queue)).messageCount).toBe(1));
    const message = await channel.get(queue);
    expect(message).toMatchObject({
      properties: { deliveryMode: 2, type: paymentOpened.type, contentType: 'application/json' },
    });
    await channel.close();
    await other.close();
    service = await startService(test.url, broker.options);
  });
});
