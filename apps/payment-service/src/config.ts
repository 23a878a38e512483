import { ConfigurationError, readEnvironment } from '@app/configuration';
import { serviceConfig, serviceEnvironment, type ServiceConfig } from '@app/http';
import { RetryDelays } from '@app/messaging';
import { z } from 'zod';

const STRIPE_API = 'https://api.stripe.com';
const httpUrl = z.url({ protocol: /^https?$/ });
const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

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
  CHECKOUT_LINK_SECRET: z.string().min(16),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_[\w-]+$/, "is no secret key of Stripe's (sk_test_…, sk_live_…)"),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .transform(list)
    .pipe(z.array(z.string().min(8)).min(1)),
  STRIPE_API_BASE: httpUrl.default(STRIPE_API),
  STRIPE_PAYMENT_METHOD_TYPES: z.string().default('card').transform(list).pipe(z.array(z.string()).min(1)),
});

export interface Config extends ServiceConfig {
  /** Of the gateway, without a slash at its end. */
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly messages: { rabbitmqUrl?: string; brokerDatabaseUrl?: string; retryDelays?: readonly number[] };
  readonly ticketApiInternalUrl: string;
  readonly checkoutLinkSecret: string;
  readonly stripe: StripeConfig;
}

export interface StripeConfig {
  readonly secretKey: string;
  /** Whether the key moves real money. */
  readonly livemode: boolean;
  /** All of them count, so that a secret can be rotated. */
  readonly webhookSecrets: readonly string[];
  readonly apiBase: URL;
  /** Immediate ones: with others, money may come days after the hold has ended. */
  readonly paymentMethodTypes: readonly string[];
}

export const CONFIG = Symbol('Config');

/** The one reader of the environment. @throws ConfigurationError naming what is missing, wrong or contradicts what. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const env = readEnvironment(Environment, environment);
  const livemode = /^(sk|rk)_live_/.test(env.STRIPE_SECRET_KEY);
  const apiBase = new URL(env.STRIPE_API_BASE);
  const isStripe = apiBase.origin === STRIPE_API;
  if (apiBase.pathname !== '/' || apiBase.search !== '')
    throw contradiction('STRIPE_API_BASE is an origin, without a path');
  if (env.NODE_ENV === 'production' && !isStripe)
    throw contradiction(`in production STRIPE_API_BASE can only be ${STRIPE_API}`);
  if (livemode && !isStripe) throw contradiction(`a live STRIPE_SECRET_KEY goes to ${STRIPE_API} only`);
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
    ticketApiInternalUrl: env.TICKET_API_INTERNAL_URL,
    checkoutLinkSecret: env.CHECKOUT_LINK_SECRET,
    stripe: Object.freeze({
      secretKey: env.STRIPE_SECRET_KEY,
      livemode,
      webhookSecrets: env.STRIPE_WEBHOOK_SECRET,
      apiBase,
      paymentMethodTypes: env.STRIPE_PAYMENT_METHOD_TYPES,
    }),
  });
}

const contradiction = (what: string) => new ConfigurationError(`The environment contradicts itself: ${what}.`);
