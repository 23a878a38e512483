import { subscriptions, type Consumer } from '@app/contracts';
import type { Channel } from 'amqplib';
import { consumers } from '../subscribed-types.js';
import type { RabbitMqAddress } from './rabbitmq-address.js';

/** Deliveries that end without an answer (the process died) before the broker itself makes a dead letter of a message. */
const DELIVERY_LIMIT = 20;
/** RabbitMQ 4 would drop a dead letter that was looked at 20 times; a limit that nobody reaches works on 3.10 too. */
const NO_DELIVERY_LIMIT = 2 ** 31 - 1;

const QUORUM = { 'x-queue-type': 'quorum' };
/** By default a dead-lettered message is lost when the target is away at that moment. The strategy asks for the overflow. */
const NEVER_LOSE = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };

/**
 * Declares everything that publishers rely on: the exchanges, and of every consumer (running or not) its queue, its
 * dead letters and its bindings. So whoever starts first may publish at once. Repeating it changes nothing.
 */
export async function declareTopology(channel: Channel, { names }: RabbitMqAddress): Promise<void> {
  await channel.assertExchange(names.unroutable, 'fanout', { durable: true });
  await declareQueue(channel, names.unroutable, { ...QUORUM, 'x-delivery-limit': NO_DELIVERY_LIMIT });
  await channel.bindQueue(names.unroutable, names.unroutable, '');
  for (const [exchange, kind] of [
    [names.messages, 'topic'],
    [names.queues, 'direct'],
  ] as const) {
    await channel.assertExchange(exchange, kind, { durable: true, alternateExchange: names.unroutable });
  }
  for (const consumer of consumers) {
    const queue = names.queueOf(consumer);
    const deadLetters = names.deadLettersOf(consumer);
    await declareQueue(channel, deadLetters, { ...QUORUM, 'x-delivery-limit': NO_DELIVERY_LIMIT }, names.queues);
    const toDeadLetters = { 'x-dead-letter-exchange': names.queues, 'x-dead-letter-routing-key': deadLetters };
    const limits = { 'x-delivery-limit': DELIVERY_LIMIT };
    await declareQueue(channel, queue, { ...QUORUM, ...NEVER_LOSE, ...toDeadLetters, ...limits }, names.queues);
    for (const { type } of subscriptions[consumer]) await channel.bindQueue(queue, names.messages, type);
  }
}

/** One queue per delay: a message waits there for its time and falls back into the consumer's queue, and no other's. */
export async function declareRetryQueues(
  channel: Channel,
  { names }: RabbitMqAddress,
  consumer: Consumer,
  delays: readonly number[],
): Promise<void> {
  for (const seconds of delays) {
    const back = { 'x-dead-letter-exchange': names.queues, 'x-dead-letter-routing-key': names.queueOf(consumer) };
    const wait = { 'x-message-ttl': Math.round(seconds * 1000) };
    await declareQueue(
      channel,
      names.retryQueueOf(consumer, seconds),
      { ...QUORUM, ...NEVER_LOSE, ...back, ...wait },
      names.queues,
    );
  }
}

async function declareQueue(
  channel: Channel,
  queue: string,
  args: Record<string, unknown>,
  exchange?: string,
): Promise<void> {
  await channel.assertQueue(queue, { durable: true, arguments: args });
  if (exchange) await channel.bindQueue(queue, exchange, queue);
}

/** Undoes the declarations, messages included. */
export async function deleteTopology(
  channel: Channel,
  { names }: RabbitMqAddress,
  delays: readonly number[],
): Promise<void> {
  for (const consumer of consumers) {
    const retries = delays.map((seconds) => names.retryQueueOf(consumer, seconds));
    for (const queue of [names.queueOf(consumer), names.deadLettersOf(consumer), ...retries])
      await channel.deleteQueue(queue);
  }
  await channel.deleteQueue(names.unroutable);
  for (const exchange of [names.messages, names.queues, names.unroutable]) await channel.deleteExchange(exchange);
}
