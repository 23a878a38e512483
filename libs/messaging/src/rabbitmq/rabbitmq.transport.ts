import type { CheckedOptions } from '../messaging-options.js';
import type { Transport } from '../transport.js';
import { rabbitMqAddress } from './rabbitmq-address.js';
import { RabbitMqPublisher } from './rabbitmq.publisher.js';
import { RabbitMqStrategy } from './rabbitmq.strategy.js';

export function rabbitMqTransport(options: CheckedOptions, url: string): Transport {
  const address = rabbitMqAddress(url);
  return {
    publisher: new RabbitMqPublisher(address),
    strategy: (consumer, relay) => new RabbitMqStrategy(address, options, consumer, relay),
  };
}
