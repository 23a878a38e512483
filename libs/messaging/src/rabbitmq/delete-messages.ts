import { connect } from 'amqplib';
import { rabbitMqAddress } from './rabbitmq-address.js';
import { deleteTopology } from './topology.js';

/**
 * Removes all queues and exchanges under a prefix, with what is in them: the end of a run that brought a prefix of its
 * own. `retryDelays` are those that the run was configured with.
 * @throws when the address has no prefix: those are somebody's live messages.
 */
export async function deleteMessages(rabbitmqUrl: string, retryDelays: readonly number[]): Promise<void> {
  const address = rabbitMqAddress(rabbitmqUrl);
  if (!address.prefix) throw new Error('Only queues with a prefix may be removed.');
  const connection = await connect(address.url);
  try {
    await deleteTopology(await connection.createChannel(), address, retryDelays);
  } finally {
    await connection.close();
  }
}
