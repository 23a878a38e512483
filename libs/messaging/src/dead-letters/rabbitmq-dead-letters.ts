import { connect, type ChannelModel, type ConfirmChannel, type GetMessage } from 'amqplib';
import { createHash } from 'node:crypto';
import { diedAtOf, errorOf, failuresOf, readBody, renewed } from '../rabbitmq/delivery.js';
import { rabbitMqAddress, type RabbitMqAddress } from '../rabbitmq/rabbitmq-address.js';
import { declareTopology } from '../rabbitmq/topology.js';
import { consumers } from '../subscribed-types.js';
import { idAndType, UNROUTABLE, type Choice, type DeadLetter, type DeadLetters } from './dead-letters.js';

/**
 * AMQP cannot look without taking. So letters are taken, and what is not replayed goes back when the channel closes;
 * for that moment a second operator does not see them.
 */
export class RabbitMqDeadLetters implements DeadLetters {
  private constructor(
    private readonly connection: ChannelModel,
    private readonly address: RabbitMqAddress,
  ) {}

  static async open(rabbitmqUrl: string): Promise<RabbitMqDeadLetters> {
    const address = rabbitMqAddress(rabbitmqUrl);
    return new RabbitMqDeadLetters(await connect(address.url), address);
  }

  async list(choice: Choice): Promise<DeadLetter[]> {
    const chosen: DeadLetter[] = [];
    await this.takeAll(async (_, letter) => {
      if (choice(letter)) chosen.push(letter);
    });
    return chosen;
  }

  async replay(choice: Choice): Promise<DeadLetter[]> {
    const replayed: DeadLetter[] = [];
    await this.takeAll(async (channel, letter, message) => {
      if (!choice(letter)) return;
      const [exchange, key] = this.wayBack(letter, message);
      channel.publish(exchange, key, message.content, renewed(message));
      await channel.waitForConfirms();
      channel.ack(message);
      replayed.push(letter);
    });
    return replayed;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private wayBack({ service, type }: DeadLetter, { fields }: GetMessage): [exchange: string, key: string] {
    const { names } = this.address;
    if (service !== UNROUTABLE) return [names.queues, names.queueOf(service)];
    return fields.exchange === names.queues ? [names.queues, fields.routingKey] : [names.messages, type];
  }

  private async takeAll(
    visit: (channel: ConfirmChannel, letter: DeadLetter, message: GetMessage) => Promise<void>,
  ): Promise<void> {
    const channel = await this.connection.createConfirmChannel();
    await declareTopology(channel, this.address);
    const { names } = this.address;
    const places = [...consumers.map((consumer) => [consumer, names.deadLettersOf(consumer)] as const)];
    for (const [service, queue] of [...places, [UNROUTABLE, names.unroutable] as const]) {
      // As many as there are now: a replayed message that dies again comes back while this runs.
      const { messageCount } = await channel.checkQueue(queue);
      for (let taken = 0; taken < messageCount; taken += 1) {
        const message = await channel.get(queue);
        if (message === false) break;
        await visit(channel, toLetter(service, message), message);
      }
    }
    await channel.close();
  }
}

function toLetter(service: DeadLetter['service'], message: GetMessage): DeadLetter {
  const body = readBody(message) ?? message.content.toString();
  const { messageId, headers } = message.properties;
  const named =
    (messageId as string | undefined) ?? createHash('sha256').update(message.content).digest('hex').slice(0, 16);
  const reason = headers?.['x-first-death-reason'] as string | undefined;
  return {
    service,
    ...idAndType(body, named),
    failures: failuresOf(message),
    error:
      errorOf(message) ?? (service === UNROUTABLE ? 'no queue is bound for it' : `the broker says: ${reason ?? '?'}`),
    diedAt: diedAtOf(message) ?? null,
    body,
  };
}
