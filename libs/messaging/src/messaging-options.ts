import { ConfigurationError } from '@app/configuration';
import { type Consumer } from '@app/contracts';
import { z } from 'zod';

export interface MessagingOptions {
  /** This service's row of `subscriptions`. */
  service: Consumer;
  /** `amqp://…/vhost`; `?prefix=x` puts `x.` before every exchange and queue, for those who share a vhost. */
  rabbitmqUrl?: string;
  /** pg-boss's own database; used where there is no RabbitMQ. */
  brokerDatabaseUrl?: string;
  /** Seconds before each further try of a message whose handling failed; after the last it is a dead letter. */
  retryDelays?: readonly number[];
}

export const DEFAULT_RETRY_DELAYS: readonly number[] = [1, 5, 15, 60, 300];

const DAY = 86_400;

/** `MESSAGE_RETRY_DELAYS`: seconds, a comma list. */
export const RetryDelays = z
  .string()
  .transform((list) => list.split(',').map(Number))
  .pipe(z.array(z.number().positive().max(DAY)).min(1).max(20));

/** @throws ConfigurationError unless exactly one transport is named. */
export function checkedOptions(
  options: MessagingOptions,
): Required<Pick<MessagingOptions, 'retryDelays'>> & MessagingOptions {
  if (Boolean(options.rabbitmqUrl) === Boolean(options.brokerDatabaseUrl))
    throw new ConfigurationError('Messages need one broker: RABBITMQ_URL or BROKER_DATABASE_URL, not both.');
  return { ...options, retryDelays: options.retryDelays ?? DEFAULT_RETRY_DELAYS };
}
export type CheckedOptions = ReturnType<typeof checkedOptions>;

export const MESSAGING_OPTIONS = Symbol('MessagingOptions');
