import {
  commaListOf,
  contradiction,
  httpUrl,
  publicUrl,
  readEnvironment,
  sharedSecret,
  withoutSlash,
} from '@app/configuration';
import { serviceConfig, serviceEnvironment, type ServiceConfig } from '@app/http';
import { messagingConfig, messagingEnvironment, type MessagingConfig } from '@app/messaging';
import { databaseConfig, databaseEnvironment, type DatabaseConfig } from '@app/persistence';
import { z } from 'zod';

const STRIPE_API = 'https://api.stripe.com';

const Environment = z.object({
  ...serviceEnvironment,
  ...databaseEnvironment(),
  ...messagingEnvironment,
  NODE_ENV: z.string().default('development'),
  PUBLIC_URL: publicUrl,
  TICKET_API_INTERNAL_URL: httpUrl,
  CHECKOUT_LINK_SECRET: sharedSecret,
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_[\w-]+$/, "is no secret key of Stripe's (sk_test_…, sk_live_…)"),
  STRIPE_WEBHOOK_SECRET: commaListOf(z.string().min(8)),
  STRIPE_API_BASE: httpUrl.default(STRIPE_API),
  STRIPE_PAYMENT_METHOD_TYPES: commaListOf(z.string()).default(['card']),
  RECONCILE_PENDING_SECONDS: z.coerce.number().int().min(1).max(86_400).default(300),
  RECONCILE_LEDGER_DAYS: z.coerce.number().int().min(1).max(30).default(2),
  REFUNDS_PER_SECOND: z.coerce.number().int().min(1).max(100).default(20),
});

export interface Config extends ServiceConfig, DatabaseConfig, MessagingConfig {
  /** Of the gateway, without a slash at its end. */
  readonly publicUrl: string;
  readonly ticketApiInternalUrl: string;
  readonly checkoutLinkSecret: string;
  readonly stripe: StripeConfig;
  readonly reconciliation: ReconciliationConfig;
  /** Refunds that all replicas together ask the provider for. Stripe takes 100 calls a second of everybody, 25 in test mode. */
  readonly refundsPerSecond: number;
}

export interface ReconciliationConfig {
  /** How long an open session may be silent before the provider is asked for it. */
  readonly pendingSeconds: number;
  /** Whole days, by UTC, that the daily comparison looks back. */
  readonly ledgerDays: number;
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
    ...databaseConfig(env),
    ...messagingConfig(env),
    publicUrl: withoutSlash(env.PUBLIC_URL),
    ticketApiInternalUrl: env.TICKET_API_INTERNAL_URL,
    checkoutLinkSecret: env.CHECKOUT_LINK_SECRET,
    stripe: Object.freeze({
      secretKey: env.STRIPE_SECRET_KEY,
      livemode,
      webhookSecrets: env.STRIPE_WEBHOOK_SECRET,
      apiBase,
      paymentMethodTypes: env.STRIPE_PAYMENT_METHOD_TYPES,
    }),
    reconciliation: Object.freeze({
      pendingSeconds: env.RECONCILE_PENDING_SECONDS,
      ledgerDays: env.RECONCILE_LEDGER_DAYS,
    }),
    refundsPerSecond: env.REFUNDS_PER_SECOND,
  });
}
