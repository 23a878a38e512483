import type { MessageConsumer } from './consumption/message-consumer.js';
import type { MessagePublisher } from './message-publisher.js';
import type { MessageStrategy } from './message-strategy.js';
import type { Relay } from './outbox/relay.js';

/** How messages leave and arrive: RabbitMQ, or PostgreSQL through pg-boss. */
export interface Transport {
  readonly publisher: MessagePublisher;
  strategy(consumer: MessageConsumer, relay: Relay): MessageStrategy;
}

export const TRANSPORT = Symbol('Transport');
