import type { BrokerEnvironment } from '../dead-letters/open-dead-letters.js';
import { DEFAULT_RETRY_DELAYS, RetryDelays } from '../messaging-options.js';
import type { Backlog } from './backlog.js';
import { readPgBossBacklog } from './pg-boss-backlog.js';
import { readRabbitMqBacklog } from './rabbitmq-backlog.js';

export interface BacklogEnvironment extends BrokerEnvironment {
  /** As the services have it: with RabbitMQ each delay is a queue. */
  MESSAGE_RETRY_DELAYS?: string | undefined;
}

/**
 * Looks, takes nothing. RabbitMQ does not tell over AMQP what a service has taken and not acknowledged yet, so an empty
 * answer is certain only when it stays the same for a moment.
 * @throws when the broker cannot be reached or has not the services' queues
 */
export function readBacklog(environment: BacklogEnvironment): Promise<Backlog> {
  const { RABBITMQ_URL, BROKER_DATABASE_URL, MESSAGE_RETRY_DELAYS } = environment;
  const delays = MESSAGE_RETRY_DELAYS ? RetryDelays.parse(MESSAGE_RETRY_DELAYS) : DEFAULT_RETRY_DELAYS;
  if (RABBITMQ_URL) return readRabbitMqBacklog(RABBITMQ_URL, delays);
  if (BROKER_DATABASE_URL) return readPgBossBacklog(BROKER_DATABASE_URL);
  throw new Error('Neither RABBITMQ_URL nor BROKER_DATABASE_URL names the broker.');
}
