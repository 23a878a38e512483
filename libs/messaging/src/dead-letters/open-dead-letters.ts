import type { DeadLetters } from './dead-letters.js';
import { PgBossDeadLetters } from './pg-boss-dead-letters.js';
import { RabbitMqDeadLetters } from './rabbitmq-dead-letters.js';

/** The part of the services' environment that names the broker. */
export interface BrokerEnvironment {
  RABBITMQ_URL?: string | undefined;
  BROKER_DATABASE_URL?: string | undefined;
}

/** @throws unless exactly one broker is named and can be reached. */
export function openDeadLetters({ RABBITMQ_URL, BROKER_DATABASE_URL }: BrokerEnvironment): Promise<DeadLetters> {
  if (Boolean(RABBITMQ_URL) === Boolean(BROKER_DATABASE_URL))
    throw new Error('Set RABBITMQ_URL or BROKER_DATABASE_URL, as the services have it.');
  return RABBITMQ_URL ? RabbitMqDeadLetters.open(RABBITMQ_URL) : PgBossDeadLetters.open(BROKER_DATABASE_URL!);
}
