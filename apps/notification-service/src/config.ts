import { contradiction, httpUrl, publicUrl, readEnvironment, smtpUrl, withoutSlash } from '@app/configuration';
import { serviceConfig, serviceEnvironment, type ServiceConfig } from '@app/http';
import { messagingConfig, messagingEnvironment, type MessagingConfig } from '@app/messaging';
import { databaseConfig, databaseEnvironment, type DatabaseConfig } from '@app/persistence';
import { z } from 'zod';

const LOCAL_SENDER = 'Tickets <tickets@localhost>';
const sender = /^(?:[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/;

const Environment = z.object({
  ...serviceEnvironment,
  ...databaseEnvironment(),
  ...messagingEnvironment,
  NODE_ENV: z.string().default('development'),
  PUBLIC_URL: publicUrl,
  TICKET_API_INTERNAL_URL: httpUrl,
  SMTP_URL: smtpUrl,
  MAIL_FROM: z.string().regex(sender, 'is neither `Name <user@host>` nor `user@host`').optional(),
});

export interface Config extends ServiceConfig, DatabaseConfig, MessagingConfig {
  /** Of the gateway, without a slash at its end. */
  readonly publicUrl: string;
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
    throw contradiction('in production MAIL_FROM names the sender of the mails');
  return Object.freeze({
    ...serviceConfig(env),
    ...databaseConfig(env),
    ...messagingConfig(env),
    publicUrl: withoutSlash(env.PUBLIC_URL),
    ticketApiInternalUrl: env.TICKET_API_INTERNAL_URL,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM ?? LOCAL_SENDER,
  });
}
