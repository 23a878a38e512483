import {
  commaListOf,
  ConfigurationError,
  host,
  httpUrl,
  logLevel,
  port,
  postgresUrl,
  readEnvironment,
  withoutSlash,
} from '@app/configuration';
import type { LogLevel } from '@app/observability';
import { z } from 'zod';

const Environment = z.object({
  HOST: host,
  PORT: port.default(4242),
  ADMIN_PORT: port.optional(),
  LOG_LEVEL: logLevel,
  DATABASE_URL: postgresUrl,
  STRIPE_SECRET_KEY: z.string().min(8),
  STRIPE_WEBHOOK_SECRET: commaListOf(z.string().min(8)),
  WEBHOOK_URL: httpUrl,
  CHECKOUT_PAGE_URL: httpUrl.optional(),
});

export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Of the admin API, always on loopback; 0 takes any free port. Without it there is no admin API. */
  readonly adminPort: number | undefined;
  readonly logLevel: LogLevel;
  readonly databaseUrl: string;
  readonly secretKey: string;
  /** Every webhook is signed with each of them, as at Stripe while a secret is being rotated. */
  readonly webhookSecrets: readonly string[];
  readonly webhookUrl: string;
  /** Where a browser reaches the hosted page, if that differs from where the simulator listens (containers). */
  readonly checkoutPageUrl: string | undefined;
}

/** Injection token of the typed configuration. */
export const CONFIG = Symbol('CONFIG');

/**
 * The only reader of the environment.
 * @throws ConfigurationError that names every variable that is missing or does not fit; also in production, where
 * nothing may take a simulator for Stripe.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  if (environment['NODE_ENV'] === 'production') {
    throw new ConfigurationError(
      'The Stripe simulator moves no real money: it does not start with NODE_ENV=production.',
    );
  }
  const env = readEnvironment(Environment, environment);
  if (/^(sk|rk)_live_/.test(env.STRIPE_SECRET_KEY)) {
    throw new ConfigurationError('STRIPE_SECRET_KEY is a live key: it has no business at a simulator.');
  }
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    adminPort: env.ADMIN_PORT,
    logLevel: env.LOG_LEVEL,
    databaseUrl: env.DATABASE_URL,
    secretKey: env.STRIPE_SECRET_KEY,
    webhookSecrets: env.STRIPE_WEBHOOK_SECRET,
    webhookUrl: env.WEBHOOK_URL,
    checkoutPageUrl: env.CHECKOUT_PAGE_URL && withoutSlash(env.CHECKOUT_PAGE_URL),
  });
}
