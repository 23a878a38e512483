import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, expectNoWayAround, expectTenancy, type Tenancy, type TestDatabase } from '@app/testing';
import { migrations } from './migrations/index.js';

const withoutTenant = {
  erased_people: "ids of accounts that were anybody's and are erased",
  schema_migrations: 'of the schema',
};

const rows = (tenantId: string) =>
  ({
    mails: {
      ...{ id: randomUUID(), tenant_id: tenantId, message_id: randomUUID(), correlation_id: 'c' },
      ...{ kind: 'order-expired', recipient: 'zoe@example.com', facts: '{}' },
    },
    announcements: { id: randomUUID(), tenant_id: tenantId, correlation_id: 'c', kind: 'event-changed', facts: '{}' },
    inbox: { consumer: 'notification-service', message_id: randomUUID(), tenant_id: tenantId },
    outbox: { id: randomUUID(), tenant_id: tenantId, type: 'x', correlation_id: 'x', data: '{}' },
  }) satisfies ReturnType<Tenancy['rows']>;

describe("notification-service's database", () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase(migrations, 'spec_mails');
  });
  afterAll(() => db.drop());

  it('keeps every row to its tenant', async () => {
    await expectTenancy(db.source, { withoutTenant, rows });
  });

  it('has no way around the tenants for who sends statements of his or her own', async () => {
    await expectNoWayAround(db, { rows });
  });

  it.each(['mails.recipient', 'mails.facts', 'mails.last_error', 'announcements.facts'])(
    'shows no job whom a mail is to, or what is in it: %s',
    async (column) => {
      const [table] = column.split('.');
      const read = db.database.asJob((transaction) => transaction.query(`select ${column} from ${table}`));
      await expect(read).rejects.toThrow('permission denied');
    },
  );
});
