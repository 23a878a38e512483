import type { Consumer } from '@app/contracts';

/** Where the broker is and how its exchanges and queues are called there. */
export interface RabbitMqAddress {
  url: string;
  /** Before every name, for those who share a vhost; empty if the vhost is ours alone. */
  prefix: string;
  names: ReturnType<typeof namesWith>;
}

/** `amqp://user:password@host/vhost?prefix=x`: the prefix is ours, the rest is AMQP's. */
export function rabbitMqAddress(rabbitmqUrl: string): RabbitMqAddress {
  const url = new URL(rabbitmqUrl);
  const prefix = url.searchParams.get('prefix') ?? '';
  url.searchParams.delete('prefix');
  return { url: url.href, prefix, names: namesWith(prefix ? `${prefix}.` : '') };
}

const namesWith = (prefix: string) => ({
  /** Topic exchange: the routing key is the message's type. */
  messages: `${prefix}messages`,
  /** Direct exchange: the routing key is a queue's name. For what concerns one consumer: retries, dead letters, replays. */
  queues: `${prefix}messages.queues`,
  /** Fanout exchange and its queue: what neither of them could route. */
  unroutable: `${prefix}messages.unroutable`,
  queueOf: (consumer: Consumer) => `${prefix}${consumer}`,
  retryQueueOf: (consumer: Consumer, seconds: number) => `${prefix}${consumer}.retry.${seconds}s`,
  deadLettersOf: (consumer: Consumer) => `${prefix}${consumer}.dead-letters`,
});
