import { connect, type ChannelModel } from 'amqplib';
import { rabbitMqAddress } from '../rabbitmq/rabbitmq-address.js';
import { consumers } from '../subscribed-types.js';
import type { Backlog, Counts } from './backlog.js';

const NOT_FOUND = 404;

export async function readRabbitMqBacklog(rabbitmqUrl: string, retryDelays: readonly number[]): Promise<Backlog> {
  const { url, names } = rabbitMqAddress(rabbitmqUrl);
  const connection = await connect(url);
  try {
    const retries = consumers.flatMap((consumer) => retryDelays.map((delay) => names.retryQueueOf(consumer, delay)));
    return {
      waiting: {
        ...(await count(connection, consumers.map(names.queueOf))),
        // A service declares its own when it first starts.
        ...(await count(connection, retries, 'may be missing')),
      },
      dead: await count(connection, [...consumers.map(names.deadLettersOf), names.unroutable]),
    };
  } finally {
    await connection.close();
  }
}

async function count(connection: ChannelModel, queues: string[], missing?: 'may be missing'): Promise<Counts> {
  const counts: Record<string, number> = {};
  for (const queue of queues) {
    const messages = await messagesIn(connection, queue).catch((error: { code?: number }) => {
      if (missing && error.code === NOT_FOUND) return 0;
      throw error;
    });
    if (messages > 0) counts[queue] = messages;
  }
  return counts;
}

/** On a channel of its own: asking for a queue that is not there ends the channel. */
async function messagesIn(connection: ChannelModel, queue: string): Promise<number> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount;
}
