import { redisConfig, redisEnvironment, type RedisOptions } from '@app/caching';
import { httpUrl, publicUrl, readEnvironment, sharedSecret, withoutSlash } from '@app/configuration';
import { serviceConfig, serviceEnvironment, type ServiceConfig } from '@app/http';
import { messagingConfig, messagingEnvironment, type MessagingConfig } from '@app/messaging';
import { databaseConfig, databaseEnvironment, type DatabaseConfig } from '@app/persistence';
import { z } from 'zod';
import { walletConfig, walletEnvironment, type Wallets } from './wallets.js';

const base64Key = z.base64().min(32);
const base64Keys = z
  .string()
  .transform((list) => list.split(',').map((key) => key.trim()))
  .pipe(z.array(base64Key));
const NO_CIPHER_KEY = 'is not 32 bytes in base64 (44 characters)';
const cipherKey = z.base64(NO_CIPHER_KEY).refine((key) => Buffer.from(key, 'base64').length === 32, NO_CIPHER_KEY);

const Environment = z.object({
  ...serviceEnvironment,
  ...databaseEnvironment({ poolSize: 20 }),
  ...messagingEnvironment,
  ...redisEnvironment,
  ...walletEnvironment,
  PUBLIC_URL: publicUrl,
  PAYMENT_SERVICE_INTERNAL_URL: httpUrl,
  NOTIFICATION_SERVICE_INTERNAL_URL: httpUrl,
  ACCESS_TOKEN_KEY: base64Key,
  TICKET_SIGNING_KEY: base64Keys,
  ACCOUNT_SECRETS_KEY: cipherKey,
  CHECKOUT_LINK_SECRET: sharedSecret,
  ORDER_HOLD_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  WAITING_LIST_HOLD_SECONDS: z.coerce.number().int().min(60).max(604_800).default(1_800),
  ORDER_BATCH_SIZE: z.coerce.number().int().min(1).max(1_000).default(256),
  ORDER_BATCHES: z.coerce.number().int().min(1).default(8),
  ORDER_QUEUE: z.coerce.number().int().min(1).default(4_000),
  EVENT_CHANGE_SECONDS: z.coerce.number().int().min(1).max(3_600).default(60),
  MAX_HOLDS_PER_BUYER: z.coerce.number().int().min(0).default(5),
});

export interface Config extends ServiceConfig, DatabaseConfig, MessagingConfig {
  readonly redis: RedisOptions | undefined;
  /** Of the gateway, without a slash at its end. */
  readonly publicUrl: string;
  /** Base addresses of the other services' internal ports. */
  readonly paymentServiceInternalUrl: string;
  readonly notificationServiceInternalUrl: string;
  /** RSA private key, PKCS#8 DER in base64: signs access tokens (RS256). */
  readonly accessTokenKey: string;
  /** Ed25519 private keys, PKCS#8 DER in base64, of which the codes that admit have theirs: the first signs, all verify. */
  readonly ticketSigningKeys: readonly string[];
  /** 32 bytes in base64: encrypts secrets of second factors and recorded API keys (AES-256-GCM). */
  readonly accountSecretsKey: string;
  readonly checkoutLinkSecret: string;
  /** How orders share transactions: at most so many in one (1: each its own), so many side by side, so many waiting. */
  readonly ordering: { readonly batchSize: number; readonly parallel: number; readonly waiting: number };
  /** Seconds that a hold lasts. */
  readonly holdSeconds: number;
  /** Seconds that an order lasts which was placed for a person who waited. */
  readonly waitingListHoldSeconds: number;
  /** Seconds after an organizer's last edit of an event until holders of tickets are told what has become of it. */
  readonly eventChangeSeconds: number;
  /** Open pending orders per buyer and event; 0: any number. */
  readonly maxHoldsPerBuyer: number;
  /** For which of them passes are made. */
  readonly wallets: Wallets;
}

export const CONFIG = Symbol('Config');

/** The one reader of the environment. @throws ConfigurationError naming every variable that is missing or does not fit. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const env = readEnvironment(Environment, environment);
  return Object.freeze({
    ...serviceConfig(env),
    ...databaseConfig(env),
    ...messagingConfig(env),
    redis: redisConfig(env),
    publicUrl: withoutSlash(env.PUBLIC_URL),
    paymentServiceInternalUrl: env.PAYMENT_SERVICE_INTERNAL_URL,
    notificationServiceInternalUrl: env.NOTIFICATION_SERVICE_INTERNAL_URL,
    accessTokenKey: env.ACCESS_TOKEN_KEY,
    ticketSigningKeys: env.TICKET_SIGNING_KEY,
    accountSecretsKey: env.ACCOUNT_SECRETS_KEY,
    checkoutLinkSecret: env.CHECKOUT_LINK_SECRET,
    ordering: { batchSize: env.ORDER_BATCH_SIZE, parallel: env.ORDER_BATCHES, waiting: env.ORDER_QUEUE },
    holdSeconds: env.ORDER_HOLD_SECONDS,
    waitingListHoldSeconds: env.WAITING_LIST_HOLD_SECONDS,
    eventChangeSeconds: env.EVENT_CHANGE_SECONDS,
    maxHoldsPerBuyer: env.MAX_HOLDS_PER_BUYER,
    wallets: walletConfig(env),
  });
}
