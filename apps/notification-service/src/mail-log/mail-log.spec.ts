import { generateServiceKeys } from '@app/auth';
import { MailLog } from '@app/contracts';
import { openService, type RunningService } from '@app/http';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { AppModule } from '../app.module.js';
import { migrations } from '../migrations/index.js';
import { MailLogStore } from './mail-log.store.js';

const keys = generateServiceKeys(['ticket-api', 'notification-service']);
const [tenantId, other, orderId, eventId, userId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7()];

let db: TestDatabase;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'mail_log');
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

const store = () => service.app.get(MailLogStore, { strict: false });
const mail = async (facts: object, status: string, { tenant = tenantId, error = null as string | null } = {}) => {
  const id = uuidv7();
  await db.asOwner(
    `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts, status, attempts, last_error, next_attempt_at, sent_at)
     values ($1, $2, $1, 'c', 'order-confirmed', 'zoe@somewhere.example', $3, $4, 2, $5, now() + interval '1 hour', case $4 when 'sent' then now() end)`,
    [id, tenant, facts, status, error],
  );
  return id;
};

it('tells what became of the mails about an order or an event, newest first, page by page, and of no other tenant', async () => {
  const event = { id: eventId, title: 'Jazz' };
  const about = { orderId, event, buyer: { id: userId, name: 'Zoë' } };
  const first = await mail(about, 'sent');
  const second = await mail(about, 'queued', { error: '550 5.1.1 <zoe@somewhere.example> unknown: s3cret' });
  const holder = await mail({ orderId: null, event, userId }, 'failed');
  await mail({ orderId: uuidv7() }, 'sent');
  await mail(about, 'sent', { tenant: other });

  const wanted = { tenantId, before: null, limit: 10 };
  const ofOrder = await store().read({ ...wanted, about: { kind: 'order', id: orderId } });
  expect(MailLog.parse(ofOrder)).toEqual(ofOrder);
  expect(ofOrder.mails).toMatchObject([
    { id: second, status: 'queued', attempts: 2, error: 'there is no such address', sentAt: null, userId },
    { id: first, status: 'sent', error: null, nextAttemptAt: null, orderId },
  ]);
  expect(ofOrder.mails[0]!.nextAttemptAt).toMatch(/Z$/);
  expect(JSON.stringify(ofOrder)).not.toContain('s3cret');

  const ofEvent = { ...wanted, about: { kind: 'event', id: eventId } } as const;
  const page = await store().read({ ...ofEvent, limit: 2 });
  expect(page.mails.map(({ id }) => id)).toEqual([holder, second]);
  const rest = await store().read({ ...ofEvent, before: second });
  expect(rest.mails.map(({ id }) => id)).toEqual([first]);
  const failed = await store().read({ ...ofEvent, status: 'failed' });
  expect(failed.mails.map(({ id }) => id)).toEqual([holder]);
});
