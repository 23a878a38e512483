import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PORT_NAMES, type Ports } from './addresses.js';
import { readConfig } from './config.js';
import { loadSecrets } from './data-directory/secrets.js';
import { databasesOn } from './databases/databases.js';
import { Programs } from './programs.js';
import { servicesOf } from './services.js';

const OWNER = 'postgres://owner:owners-password@127.0.0.1:5432/ticketing';
const folder = mkdtempSync(join(tmpdir(), 'standalone-services-'));
const secrets = loadSecrets(join(folder, 'secrets.json'));
rmSync(folder, { recursive: true });

const ports = {
  'api-gateway': 3000,
  ...Object.fromEntries(PORT_NAMES.map((name, index) => [name, 20_000 + index])),
} as Ports;

function tableFor(environment: Record<string, string>) {
  const config = readConfig({ PATH: '/bin', ...environment }, false);
  const databases = databasesOn(OWNER, config.databasePrefix, secrets);
  return new Map(
    servicesOf({
      config,
      secrets,
      ports,
      databases,
      programs: new Programs('/dist/programs/standalone'),
      compileCache: '/cache',
    }).map((service) => [service.name, service]),
  );
}

describe('the table of services', () => {
  it('starts the entry files that a container starts', () => {
    for (const [name, { entry }] of tableFor({})) expect(entry).toBe(`/dist/programs/${name}/main.js`);
  });

  it('gives no service more than its own secrets', () => {
    const mayKnow: Record<string, (service: string) => boolean> = {
      'owners-password': () => false,
      [secrets.databaseSecret]: () => false,
      [secrets.serviceKeySeed]: () => false,
      [secrets.accessTokenKey]: (name) => name === 'ticket-api',
      [secrets.ticketSigningKey]: (name) => name === 'ticket-api',
      [secrets.accountSecretsKey]: (name) => name === 'ticket-api',
      [secrets.checkoutLinkSecret]: (name) => ['ticket-api', 'payment-service'].includes(name),
      [secrets.stripeWebhookSecret]: (name) => ['payment-service', 'stripe-simulator'].includes(name),
    };
    for (const [name, { environment }] of tableFor({}))
      for (const [secret, allowed] of Object.entries(mayKnow))
        expect([name, JSON.stringify(environment).includes(secret)]).toEqual([name, allowed(name)]);
  });

  it('tells the keys of wallets to the service that makes passes, and to no other', () => {
    const given = { APPLE_PASS_KEY: 'key-of-apple-passes', GOOGLE_WALLET_SERVICE_ACCOUNT: 'account-of-google-passes' };
    for (const [name, { environment }] of tableFor(given))
      for (const [variable, value] of Object.entries(given))
        expect([name, environment[variable]]).toEqual([name, name === 'ticket-api' ? value : undefined]);
  });

  it('lets each service log in to its own database only', () => {
    const logins = [...tableFor({}).values()].map(({ environment }) => environment.DATABASE_URL).filter(Boolean);
    expect(logins.map((url) => new URL(url ?? '').pathname)).toEqual([
      '/ticketing_ticket_api',
      '/ticketing_payment_service',
      '/ticketing_notification_service',
      '/ticketing_stripe_simulator',
    ]);
    for (const url of logins) expect(new URL(url ?? '').username).toBe(new URL(url ?? '').pathname.slice(1));
  });

  it('leaves out the stand-in of what the user has, and hands on what was given', () => {
    const table = tableFor({
      RABBITMQ_URL: 'amqp://broker.example',
      REDIS_URL: 'redis://cache.example',
      SMTP_URL: 'smtp://mail.example',
      STRIPE_SECRET_KEY: 'sk_test_mine',
      STRIPE_WEBHOOK_SECRET: 'whsec_mine',
    });
    expect([...table.keys()]).toEqual(['api-gateway', 'ticket-api', 'payment-service', 'notification-service']);
    const payment = table.get('payment-service')?.environment;
    expect(payment).toMatchObject({
      RABBITMQ_URL: 'amqp://broker.example?prefix=ticketing',
      STRIPE_SECRET_KEY: 'sk_test_mine',
      REDIS_URL: 'redis://cache.example',
    });
    expect(payment).not.toHaveProperty('BROKER_DATABASE_URL');
    expect(payment).not.toHaveProperty('STRIPE_API_BASE');
    expect(table.get('notification-service')?.environment.SMTP_URL).toBe('smtp://mail.example');
  });

  it("gives the simulator's admin API a port of its own, where there is a simulator", () => {
    expect(tableFor({}).get('stripe-simulator')?.environment.ADMIN_PORT).toBe(String(ports['stripe-simulator/admin']));
    for (const [name, { environment }] of tableFor({}))
      if (name !== 'stripe-simulator') expect(environment).not.toHaveProperty('ADMIN_PORT');
  });

  it("tells every service of ours who administers the platform: whom the user names, and the demo's where there is one", () => {
    const admins = (environment: Record<string, string>) =>
      tableFor(environment).get('ticket-api')?.environment.PLATFORM_ADMINS;
    expect(admins({})).toBe('admin@demo.example');
    expect(admins({ PLATFORM_ADMINS: 'ada@example.org' })).toBe('ada@example.org');
    expect(admins({ PLATFORM_ADMINS: 'ada@example.org', SEED: 'off' })).toBe('ada@example.org');
    expect(admins({ SEED: 'off' })).toBeUndefined();
  });

  it('binds everything to loopback', () => {
    for (const { environment } of tableFor({}).values()) expect(environment.HOST).toBe('127.0.0.1');
  });
});
