import { resolve } from 'node:path';
import {
  ConfigurationError,
  httpUrl,
  port,
  postgresUrl,
  rabbitmqUrl,
  readEnvironment,
  redisUrl,
  smtpUrl,
  withoutSlash,
} from '@app/configuration';
import { z } from 'zod';
import { accounts } from './seed/demo.js';

const Environment = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: port.default(3000),
  DATA_DIR: z.string().default('.data'),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: postgresUrl.optional(),
  RABBITMQ_URL: rabbitmqUrl.optional(),
  BROKER_DATABASE_URL: postgresUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  REDIS_PREFIX: z.string().optional(),
  SMTP_URL: smtpUrl.optional(),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  STRIPE_API_BASE: httpUrl.optional(),
  SERVICE_SIGNING_KEY: z.string().min(32).optional(),
  ACCESS_TOKEN_KEY: z.string().optional(),
  CHECKOUT_LINK_SECRET: z.string().optional(),
  TICKET_SIGNING_KEY: z.string().optional(),
  ACCOUNT_SECRETS_KEY: z.string().optional(),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
  NO_COLOR: z.string().optional(),
  SEED: z.enum(['on', 'off']).optional(),
  PLATFORM_ADMINS: z.string().optional(),
});
type Environment = z.infer<typeof Environment>;

export interface Config {
  readonly production: boolean;
  /** The gateway's; 0 takes a free one and keeps it. */
  readonly port: number;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly publicUrl: string | undefined;
  /** The owner's login to the server to use instead of the embedded one; the database in it names the prefix of ours. */
  readonly databaseUrl: string | undefined;
  readonly databasePrefix: string;
  /** With a prefix before every exchange and queue: the given one, or one made from the database's name. */
  readonly rabbitmqUrl: string | undefined;
  /** Of pg-boss, for the command `dead-letters` on a platform that was not started here. */
  readonly brokerDatabaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly redisPrefix: string;
  readonly smtpUrl: string | undefined;
  readonly stripe: { secretKey: string; webhookSecret: string; apiBase: string | undefined } | undefined;
  /** Secrets that win over the generated ones. */
  readonly given: {
    readonly [
      Name in 'serviceKeySeed' | 'accessTokenKey' | 'checkoutLinkSecret' | 'ticketSigningKey' | 'accountSecretsKey'
    ]: string | undefined;
  };
  readonly logFormat: 'text' | 'json';
  readonly colour: boolean;
  readonly seed: boolean;
  /** Comma list of e-mails; the demo's administrator where none is given and there is a demo. The services read and judge it. */
  readonly platformAdmins: string;
  /** What is not ours to decide (PATH, LOG_LEVEL, ORDER_HOLD_SECONDS, rate limits …) and reaches every service as it is. */
  readonly inherited: Readonly<Record<string, string>>;
}

/** PostgreSQL cuts names at 63 bytes; the longest of ours is `<prefix>_notification_service_jobs`. */
const LONGEST_PREFIX = 63 - '_notification_service_jobs'.length;

/** Must be given where nothing may be made up. */
const NEEDED_IN_PRODUCTION = [
  'DATABASE_URL',
  'SMTP_URL',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'PUBLIC_URL',
  'SERVICE_SIGNING_KEY',
  'ACCESS_TOKEN_KEY',
  'CHECKOUT_LINK_SECRET',
  'TICKET_SIGNING_KEY',
  'ACCOUNT_SECRETS_KEY',
] as const satisfies (keyof Environment)[];

/**
 * The only reader of the environment.
 * @throws ConfigurationError that names every variable that is wrong, or the contradiction.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, terminal = process.stdout.isTTY): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  ) as Record<string, string>;
  const env = readEnvironment(Environment, given);
  const production = env.NODE_ENV === 'production';
  refuseContradictions(env, production);
  const databasePrefix = env.DATABASE_URL
    ? decodeURIComponent(new URL(env.DATABASE_URL).pathname.slice(1))
    : 'ticketing';
  if (databasePrefix === '' || databasePrefix.length > LONGEST_PREFIX) {
    throw new ConfigurationError(
      `DATABASE_URL must name a database, of at most ${LONGEST_PREFIX} characters: ours are named after it.`,
    );
  }
  // The demo's accounts are verified by mails that only our own mailbox shows.
  const seed = env.SEED ? env.SEED === 'on' : !production && env.SMTP_URL === undefined;
  return Object.freeze({
    production,
    port: env.PORT,
    dataDirectory: resolve(env.DATA_DIR),
    publicUrl: env.PUBLIC_URL && withoutSlash(env.PUBLIC_URL),
    databaseUrl: env.DATABASE_URL,
    databasePrefix,
    rabbitmqUrl: env.RABBITMQ_URL && withPrefix(env.RABBITMQ_URL, databasePrefix),
    brokerDatabaseUrl: env.BROKER_DATABASE_URL,
    redisUrl: env.REDIS_URL,
    redisPrefix: env.REDIS_PREFIX ?? `${databasePrefix}:`,
    smtpUrl: env.SMTP_URL,
    stripe: env.STRIPE_SECRET_KEY
      ? {
          secretKey: env.STRIPE_SECRET_KEY,
          webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? '',
          apiBase: env.STRIPE_API_BASE,
        }
      : undefined,
    given: {
      serviceKeySeed: env.SERVICE_SIGNING_KEY,
      accessTokenKey: env.ACCESS_TOKEN_KEY,
      checkoutLinkSecret: env.CHECKOUT_LINK_SECRET,
      ticketSigningKey: env.TICKET_SIGNING_KEY,
      accountSecretsKey: env.ACCOUNT_SECRETS_KEY,
    },
    logFormat: env.LOG_FORMAT,
    colour: Boolean(terminal) && env.NO_COLOR === undefined,
    seed,
    // Its password is published: who names administrators does not have that one beside them.
    platformAdmins: env.PLATFORM_ADMINS ?? (seed ? accounts.admin.email : ''),
    inherited: Object.fromEntries(Object.entries(given).filter(([name]) => isHandedOn(name))),
  });
}

/** Two platforms of one broker must not take each other's messages. An empty `?prefix=` is a wish, too. */
function withPrefix(rabbitmqUrl: string, prefix: string): string {
  const url = new URL(rabbitmqUrl);
  if (!url.searchParams.has('prefix')) url.searchParams.set('prefix', prefix);
  return url.href;
}

function refuseContradictions(env: Environment, production: boolean): void {
  const missing = production ? NEEDED_IN_PRODUCTION.filter((name) => env[name] === undefined) : [];
  if (missing.length > 0)
    throw new ConfigurationError(`NODE_ENV is production, where nothing is made up: give ${missing.join(', ')}.`);
  if (env.STRIPE_SECRET_KEY && !env.STRIPE_WEBHOOK_SECRET) {
    throw new ConfigurationError(
      'STRIPE_SECRET_KEY needs STRIPE_WEBHOOK_SECRET beside it: no payment would ever be believed.',
    );
  }
  if (!env.STRIPE_SECRET_KEY && (env.STRIPE_WEBHOOK_SECRET || env.STRIPE_API_BASE)) {
    throw new ConfigurationError(
      'STRIPE_WEBHOOK_SECRET and STRIPE_API_BASE need STRIPE_SECRET_KEY; without all three the simulator is used.',
    );
  }
  if (env.SEED === 'on' && env.SMTP_URL) {
    throw new ConfigurationError(
      'SEED=on verifies the demo accounts by mails in the local mailbox, and SMTP_URL sends them elsewhere: unset one.',
    );
  }
}

/** Names that the platform gives each service itself, or that would lead a service astray. */
const OURS = new Set([
  ...Object.keys(Environment.shape),
  'HOST',
  'INTERNAL_PORT',
  'ADMIN_PORT',
  'DATABASE_DIRECT_URL',
  'DATABASE_ROLE',
  'DATABASE_ROLE_PASSWORD',
  'BROKER_DATABASE_URL',
  'SERVICE_PUBLIC_KEYS',
  'NODE_CHANNEL_FD',
  'NODE_UNIQUE_ID',
  'INIT_CWD',
]);
/** npm's own and libpq's, whose PGHOST and PGPASSWORD would fill in what an address leaves open. */
const isHandedOn = (name: string) => !OURS.has(name) && !/^(npm_|PG[A-Z])/.test(name);
