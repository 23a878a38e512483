import { HOST, publicUrlOf, urlOf, type PortName, type Ports } from './addresses.js';
import { brokerOf } from './broker-file.js';
import type { Config } from './config.js';
import { serviceKeys, type Secrets } from './data-directory/secrets.js';
import type { Databases } from './databases/databases.js';
import type { Programs } from './programs.js';
import type { Service } from './processes/service.js';

export interface Surroundings {
  config: Config;
  secrets: Secrets;
  ports: Ports;
  databases: Databases;
  programs: Programs;
  compileCache: string;
}

type Environment = Record<string, string>;

/** The services of ours that sign their calls to each other. */
const SIGNING = ['api-gateway', 'ticket-api', 'payment-service', 'notification-service'] as const;

/** Certificates and keys that passes are signed with: given by the user, and for one service. */
const isOfWallets = (name: string) => /^(APPLE|GOOGLE_WALLET)_/.test(name);

/** Every process of the platform and all that it is told. The database's owner and other services' secrets stay here. */
export function servicesOf({ config, secrets, ports, databases, programs, compileCache }: Surroundings): Service[] {
  const wallets = Object.fromEntries(Object.entries(config.inherited).filter(([name]) => isOfWallets(name)));
  const others = Object.fromEntries(Object.entries(config.inherited).filter(([name]) => !isOfWallets(name)));
  const base: Environment = {
    ...others,
    NODE_ENV: config.production ? 'production' : 'development',
    NODE_COMPILE_CACHE: compileCache,
    HOST,
    PUBLIC_URL: publicUrlOf(config, ports),
    ...(config.platformAdmins ? { PLATFORM_ADMINS: config.platformAdmins } : {}),
    DATA_DIR: config.dataDirectory,
  };
  const keys = Object.fromEntries(SIGNING.map((name) => [name, serviceKeys(secrets, name)]));
  const publicKeys = JSON.stringify(Object.fromEntries(SIGNING.map((name) => [name, keys[name]?.publicKey])));
  const messages = brokerOf(config, databases);
  const cache: Environment = config.redisUrl ? { REDIS_URL: config.redisUrl, REDIS_PREFIX: config.redisPrefix } : {};
  const stripe: Environment = {
    STRIPE_SECRET_KEY: config.stripe?.secretKey ?? secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: config.stripe?.webhookSecret ?? secrets.stripeWebhookSecret,
  };
  const stripeApi = config.stripe ? config.stripe.apiBase : urlOf(ports['stripe-simulator']);

  const processOf = (
    name: PortName,
    tier: Service['tier'],
    readyPort: PortName,
    environment: Environment,
  ): Service => ({
    name,
    entry: programs.of(name, 'main'),
    environment: { ...base, PORT: String(ports[name]), ...environment },
    readyUrl: `${urlOf(ports[readyPort])}/health/ready`,
    tier,
  });
  const service = (name: (typeof SIGNING)[number], tier: Service['tier'], environment: Environment): Service =>
    processOf(name, tier, `${name}/internal`, {
      INTERNAL_PORT: String(ports[`${name}/internal`]),
      SERVICE_SIGNING_KEY: keys[name]?.privateKey ?? '',
      SERVICE_PUBLIC_KEYS: publicKeys,
      ...cache,
      ...environment,
    });

  const all = [
    service('api-gateway', 'door', {
      TICKET_API_URL: urlOf(ports['ticket-api']),
      TICKET_API_INTERNAL_URL: urlOf(ports['ticket-api/internal']),
      PAYMENT_SERVICE_URL: urlOf(ports['payment-service']),
      NOTIFICATION_SERVICE_URL: urlOf(ports['notification-service']),
    }),
    service('ticket-api', 'service', {
      ...messages,
      ...wallets,
      DATABASE_URL: databases.of['ticket-api'].loginUrl,
      ACCESS_TOKEN_KEY: secrets.accessTokenKey,
      TICKET_SIGNING_KEY: secrets.ticketSigningKey,
      ACCOUNT_SECRETS_KEY: secrets.accountSecretsKey,
      CHECKOUT_LINK_SECRET: secrets.checkoutLinkSecret,
      PAYMENT_SERVICE_INTERNAL_URL: urlOf(ports['payment-service/internal']),
      NOTIFICATION_SERVICE_INTERNAL_URL: urlOf(ports['notification-service/internal']),
    }),
    service('payment-service', 'service', {
      ...messages,
      ...stripe,
      ...(stripeApi ? { STRIPE_API_BASE: stripeApi } : {}),
      DATABASE_URL: databases.of['payment-service'].loginUrl,
      CHECKOUT_LINK_SECRET: secrets.checkoutLinkSecret,
      TICKET_API_INTERNAL_URL: urlOf(ports['ticket-api/internal']),
    }),
    service('notification-service', 'service', {
      ...messages,
      DATABASE_URL: databases.of['notification-service'].loginUrl,
      SMTP_URL: config.smtpUrl ?? `smtp://${HOST}:${ports['mailbox/smtp']}`,
      TICKET_API_INTERNAL_URL: urlOf(ports['ticket-api/internal']),
    }),
  ];
  if (!config.stripe) {
    const webhooks = `${urlOf(ports['api-gateway'])}/api/v1/payments/webhooks`;
    const environment = {
      ...stripe,
      ADMIN_PORT: String(ports['stripe-simulator/admin']),
      DATABASE_URL: databases.of['stripe-simulator'].loginUrl,
      WEBHOOK_URL: webhooks,
    };
    all.push(processOf('stripe-simulator', 'stand-in', 'stripe-simulator', environment));
  }
  if (!config.smtpUrl)
    all.push(processOf('mailbox', 'stand-in', 'mailbox', { SMTP_PORT: String(ports['mailbox/smtp']) }));
  return all;
}
