import type { CheckedOptions } from './messaging-options.js';
import type { Transport } from './transport.js';

/** The transport that the options name; the other one's client is not even loaded. */
export async function openTransport(options: CheckedOptions): Promise<Transport> {
  if (options.rabbitmqUrl) {
    const { rabbitMqTransport } = await import('./rabbitmq/rabbitmq.transport.js');
    return rabbitMqTransport(options, options.rabbitmqUrl);
  }
  const { pgBossTransport } = await import('./pg-boss/pg-boss.transport.js');
  return pgBossTransport(options, options.brokerDatabaseUrl!);
}
