import { paymentOpened } from '@app/contracts';
import { createTestDatabase, eventually, type TestDatabase } from '@app/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger, type INestApplication } from '@nestjs/common';
import { connect, type ChannelModel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { runDeadLetterCommand } from './dead-letters/command.js';
import { Messaging } from './messaging.js';
import { Outbox } from './outbox/outbox.js';
import { rabbitMqAddress, type RabbitMqAddress } from './rabbitmq/rabbitmq-address.js';
import { brokers, RETRY_DELAYS, SERVICE, type TestBroker } from './testing/brokers.js';
import { script, startService, Tables1000000000000 } from './testing/consuming-service.js';

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
  afterEach(() => {
    script.onOpened = async () => {};
  });

  const data = () => ({ orderId: uuidv7(), paymentId: uuidv7() });
  const send = () =>
    test.database.asTenant(TENANT, () => service.get(Outbox).add(paymentOpened, { tenantId: TENANT, data: data() }));
  const effectsOf = async (id: string) =>
    (await test.asOwner('select from effects where message_id = $1', [id])).length;

  /** What goes to this queue is refused, until the room that is returned is made. */
  const refuse = async (queue: string) => {
    const channel = await connection.createChannel();
    const { queues } = address.names;
    const full = `${queue}.full`;
    await channel.assertQueue(full, { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
    channel.sendToQueue(full, Buffer.from('all there is room for'));
    await channel.bindQueue(full, queues, queue);
    await channel.unbindQueue(queue, queues, queue);
    await eventually(async () => expect((await channel.checkQueue(full)).messageCount).toBe(1));
    return async () => {
      await channel.bindQueue(queue, queues, queue);
      await channel.deleteQueue(full);
      await channel.close();
    };
  };
  const messagesIn = async (queue: string) => {
    const channel = await connection.createChannel();
    const { messageCount } = await channel.checkQueue(queue);
    await channel.close();
    return messageCount;
  };

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

  it('a message is acknowledged when it has had its effect: one whose handler was cut off comes again', async () => {
    let tries = 0;
    script.onOpened = async () => {
      if ((tries += 1) > 1) return;
      await broker.cable.pull();
      throw new Error('its effect is rolled back');
    };
    const id = await send();
    await eventually(async () => expect(tries).toBe(1));
    // Longer than a message is tried to be put into a retry queue.
    await sleep(6_000);
    await broker.cable.plugIn();
    await eventually(async () => expect(await effectsOf(id)).toBe(1), 20_000);
  });

  it('a failed message whose retry queue does not confirm it is given back, and tried again from where it was', async () => {
    const { names } = address;
    const makeRoom = await refuse(names.retryQueueOf(SERVICE, RETRY_DELAYS[0]!));
    let tries = 0;
    script.onOpened = async () => {
      if ((tries += 1) < 3) throw new Error('not yet');
    };
    const id = await send();
    await eventually(async () => expect(await effectsOf(id)).toBe(1), 10_000);
    expect(tries).toBe(3);
    await makeRoom();
  });

  it('a dead letter that the broker does not confirm is given back until it is kept', async () => {
    const deadLetters = address.names.deadLettersOf(SERVICE);
    const makeRoom = await refuse(deadLetters);
    await broker.inject('not an envelope');
    await sleep(1_500);
    await makeRoom();
    await eventually(async () => expect(await messagesIn(deadLetters)).toBe(1), 10_000);
    await broker.cleanDeadLetters();
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
    // One that is not listening yet would not be stopped by it, and would take the message.
    await eventually(async () => expect(await other.get(Messaging).isUp()).toBe(true));
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
