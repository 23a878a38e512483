import { ConfigurationError, readEnvironment } from '@app/configuration';
import { serviceConfig, serviceEnvironment, type ServiceConfig } from '@app/http';
import { RetryDelays } from '@app/messaging';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });
const LOCAL_SENDER = 'Tickets <tickets@localhost>';
const sender = /^(?:[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/;

const Environment = z.object({
  ...serviceEnvironment,
  NODE_ENV: z.string().default('development'),
  PUBLIC_URL: httpUrl.default('http://localhost:3000'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL: z.coerce.number().int().min(2).default(10),
  RABBITMQ_URL: z.string().optional(),
  BROKER_DATABASE_URL: z.string().optional(),
  MESSAGE_RETRY_DELAYS: RetryDelays.optional(),
  TICKET_API_INTERNAL_URL: httpUrl,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().regex(sender, 'is neither `Name <user@host>` nor `user@host`').optional(),
});

export interface Config extends ServiceConfig {
  /** Of the gateway, without a slash at its end. */
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly messages: { rabbitmqUrl?: string; brokerDatabaseUrl?: string; retryDelays?: readonly number[] };
  readonly ticketApiInternalUrl: string;
  /** May carry credentials. */
  readonly smtpUrl: string;
  /** `Name <user@host>` or `user@host`. */
  readonly mailFrom: string;
}

export const CONFIG = Symbol('Config');

/** The one reader of the environment. @throws ConfigurationError naming what is missing, wrong or contradicts what. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const env = readEnvironment(Environment, environment);
  if (env.NODE_ENV === 'production' && !env.MAIL_FROM)
    throw new ConfigurationError(
      'The environment contradicts itself: in production MAIL_FROM names the sender of the mails.',
    );
  return Object.freeze({
    ...serviceConfig(env),
    publicUrl: env.PUBLIC_URL.replace(/\/+$/, ''),
    databaseUrl: env.DATABASE_URL,
    databasePool: env.DATABASE_POOL,
    messages: {
      rabbitmqUrl: env.RABBITMQ_URL,
      brokerDatabaseUrl: env.BROKER_DATABASE_URL,
      retryDelays: env.MESSAGE_RETRY_DELAYS,
    },
    ticketApiInternalUrl: env.TICKET_API_INTERNAL_URL,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM ?? LOCAL_SENDER,
  });
}
