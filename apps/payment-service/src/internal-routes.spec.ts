import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { generateServiceKeys } from '@app/auth';
import { operations } from '@app/contracts';
import { openService, type RunningService } from '@app/http';
import { createTestDatabase, faultsOfInternalRoutes, type TestDatabase } from '@app/testing';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';
import { migrations } from './migrations/index.js';

const keys = generateServiceKeys(['api-gateway', 'ticket-api', 'payment-service', 'notification-service']);

let db: TestDatabase;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_internal_routes');
  const { signingKey, publicKeys } = keys['payment-service']!;
  const config = readConfig({
    ...{ PORT: '0', INTERNAL_PORT: '0', LOG_LEVEL: 'silent' },
    ...{ DATABASE_URL: db.url, BROKER_DATABASE_URL: `${db.url}_broker_that_is_away` },
    ...{ SERVICE_SIGNING_KEY: signingKey, SERVICE_PUBLIC_KEYS: JSON.stringify(publicKeys) },
    ...{ CHECKOUT_LINK_SECRET: 'a secret that only this spec uses', TICKET_API_INTERNAL_URL: 'http://127.0.0.1:9' },
    ...{
      STRIPE_SECRET_KEY: 'sk_test_spec',
      STRIPE_WEBHOOK_SECRET: 'whsec_spec',
      STRIPE_API_BASE: 'http://127.0.0.1:9',
    },
  });
  const own = operations.filter((operation) => operation.service === 'payment-service');
  service = await openService({ name: 'payment-service', module: AppModule.with, operations: own }, config);
});
afterAll(async () => {
  await service?.close();
  await db?.drop();
});

it('internal routes let in the services that they name, and nobody else', async () => {
  expect(await faultsOfInternalRoutes(service, 'payment-service', keys)).toEqual([]);
});
