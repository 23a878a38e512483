import { generateServiceKeys } from '@app/auth';
import { MailsOfPerson } from '@app/contracts';
import { openService, type RunningService } from '@app/http';
import { createTestDatabase, faultsOfInternalRoutes, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { AppModule } from '../app.module.js';
import { migrations } from '../migrations/index.js';
import { MailsOfPersonStore } from './mails-of-person.store.js';

const keys = generateServiceKeys(['api-gateway', 'ticket-api', 'payment-service', 'notification-service']);

let db: TestDatabase;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'find_mails');
  const config = {
    ...keys['notification-service']!,
    ...{ port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent' as const },
    ...{ publicUrl: 'https://tickets.example', databaseUrl: db.url, databasePool: 5 },
    messages: { brokerDatabaseUrl: `${db.url}_broker_that_is_away` },
    ...{ ticketApiInternalUrl: 'http://127.0.0.1:9', smtpUrl: 'smtp://127.0.0.1:9', mailFrom: 'a@b.example' },
  };
  service = await openService({ name: 'notification-service', module: AppModule.with }, config);
});
afterAll(async () => {
  await service?.close();
  await db?.drop();
});

const mail = (recipient: string, facts: object) =>
  db.asOwner(
    `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts, status, next_attempt_at, sent_at)
     values ($1, $2, $3, 'c', 'order-confirmed', $4, $5, 'sent', now(), now())`,
    [uuidv7(), uuidv7(), uuidv7(), recipient, facts],
  );

it('finds the mails about a person and to the address, whichever organization they were about, without their words', async () => {
  const [userId, orderId, email] = [uuidv7(), uuidv7(), 'ada@somewhere.example'];
  await mail(email, { orderId, buyer: { id: userId, name: 'Ada' } });
  await mail('old@somewhere.example', { userId, token: 's3cret' });
  await mail(email, { name: 'an invitation' });
  await mail('bob@somewhere.example', { userId: uuidv7() });
  const { mails } = await service.app.get(MailsOfPersonStore, { strict: false }).read({ userId, email });
  expect(MailsOfPerson.parse({ mails })).toEqual({ mails });
  expect(mails.map(({ recipient }) => recipient)).toEqual([email, 'old@somewhere.example', email]);
  expect(mails.at(-1)).toMatchObject({ kind: 'order-confirmed', orderId, status: 'sent' });
  expect(JSON.stringify(mails)).not.toContain('s3cret');
});

it('without an address finds those about the person alone', async () => {
  const userId = uuidv7();
  await mail('eve@somewhere.example', { orderId: uuidv7(), buyer: { id: userId } });
  await mail('eve@somewhere.example', { userId: uuidv7() });
  const store = service.app.get(MailsOfPersonStore, { strict: false });
  expect((await store.read({ userId, email: null })).mails).toHaveLength(1);
});

it('internal routes let in the services that they name, and nobody else', async () => {
  expect(await faultsOfInternalRoutes(service, 'notification-service', keys)).toEqual([]);
});
