import { z } from 'zod';

const Environment = z.object({
  PORT: z.coerce.number().int().default(3001),
  INTERNAL_PORT: z.coerce.number().int().default(3101),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.string().default('info'),
  NODE_ENV: z.string().optional(),
  PUBLIC_URL: z.url().default('http://localhost:3000'),
  DATABASE_URL: z.string(),
  DATABASE_POOL: z.coerce.number().int().min(2).default(20),
  RABBITMQ_URL: z.string().optional(),
  BROKER_DATABASE_URL: z.string().optional(),
  MESSAGE_RETRY_DELAYS: z.string().optional(),
  SERVICE_SIGNING_KEY: z.string(),
  SERVICE_PUBLIC_KEYS: z.string(),
  ACCESS_TOKEN_KEY: z.string(),
  TICKET_SIGNING_KEY: z.string(),
  CHECKOUT_LINK_SECRET: z.string().min(16),
  /** Seconds that a hold lasts. */
  ORDER_HOLD_SECONDS: z.coerce.number().int().min(1).default(900),
  /** Open pending orders per buyer and event; 0 = any number. */
  MAX_HOLDS_PER_BUYER: z.coerce.number().int().min(0).default(5),
});

export type Config = Readonly<z.infer<typeof Environment>>;
export const CONFIG = Symbol('Config');

/** Reads and judges the environment once. @throws naming every variable that is missing or does not fit. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const { data, error } = Environment.safeParse(environment);
  if (!data) throw new Error(`The configuration does not fit:\n${z.prettifyError(error)}`);
  if (!data.RABBITMQ_URL && !data.BROKER_DATABASE_URL)
    throw new Error('Set RABBITMQ_URL or BROKER_DATABASE_URL: messages need a transport.');
  return Object.freeze(data);
}
