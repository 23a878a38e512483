import { readEnvironment } from '@app/configuration';
import { serviceConfig, serviceEnvironment, type ServiceConfig } from '@app/http';
import { RetryDelays } from '@app/messaging';
import { z } from 'zod';

const base64Key = z.base64().min(32);

const Environment = z.object({
  ...serviceEnvironment,
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:3000'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL: z.coerce.number().int().min(2).default(20),
  RABBITMQ_URL: z.string().optional(),
  BROKER_DATABASE_URL: z.string().optional(),
  MESSAGE_RETRY_DELAYS: RetryDelays.optional(),
  ACCESS_TOKEN_KEY: base64Key,
  TICKET_SIGNING_KEY: base64Key,
  CHECKOUT_LINK_SECRET: z.string().min(16),
  ORDER_HOLD_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  MAX_HOLDS_PER_BUYER: z.coerce.number().int().min(0).default(5),
});

export interface Config extends ServiceConfig {
  /** Of the gateway, without a slash at its end. */
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly messages: { rabbitmqUrl?: string; brokerDatabaseUrl?: string; retryDelays?: readonly number[] };
  /** RSA private key, PKCS#8 DER in base64: signs access tokens (RS256). */
  readonly accessTokenKey: string;
  /** Ed25519 private key, PKCS#8 DER in base64: signs the codes that admit. */
  readonly ticketSigningKey: string;
  readonly checkoutLinkSecret: string;
  /** Seconds that a hold lasts. */
  readonly holdSeconds: number;
  /** Open pending orders per buyer and event; 0: any number. */
  readonly maxHoldsPerBuyer: number;
}

export const CONFIG = Symbol('Config');

/** The one reader of the environment. @throws ConfigurationError naming every variable that is missing or does not fit. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const env = readEnvironment(Environment, environment);
  return Object.freeze({
    ...serviceConfig(env),
    publicUrl: env.PUBLIC_URL.replace(/\/$/, ''),
    databaseUrl: env.DATABASE_URL,
    databasePool: env.DATABASE_POOL,
    messages: {
      rabbitmqUrl: env.RABBITMQ_URL,
      brokerDatabaseUrl: env.BROKER_DATABASE_URL,
      retryDelays: env.MESSAGE_RETRY_DELAYS,
    },
    accessTokenKey: env.ACCESS_TOKEN_KEY,
    ticketSigningKey: env.TICKET_SIGNING_KEY,
    checkoutLinkSecret: env.CHECKOUT_LINK_SECRET,
    holdSeconds: env.ORDER_HOLD_SECONDS,
    maxHoldsPerBuyer: env.MAX_HOLDS_PER_BUYER,
  });
}
