import { postgresUrl, rabbitmqUrl } from '@app/configuration';
import type { z } from 'zod';
import { RetryDelays, type MessagingOptions } from './messaging-options.js';

/** Variables of every service that sends or hears messages, to spread into the schema of its `config.ts`. */
export const messagingEnvironment = {
  RABBITMQ_URL: rabbitmqUrl.optional(),
  BROKER_DATABASE_URL: postgresUrl.optional(),
  MESSAGE_RETRY_DELAYS: RetryDelays.optional(),
};
type MessagingEnvironment = z.infer<z.ZodObject<typeof messagingEnvironment>>;

export interface MessagingConfig {
  readonly messages: Omit<MessagingOptions, 'service'>;
}

export const messagingConfig = (environment: MessagingEnvironment): MessagingConfig => ({
  messages: {
    rabbitmqUrl: environment.RABBITMQ_URL,
    brokerDatabaseUrl: environment.BROKER_DATABASE_URL,
    retryDelays: environment.MESSAGE_RETRY_DELAYS,
  },
});
