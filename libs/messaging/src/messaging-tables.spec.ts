import { createTestDatabase, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Tables1000000000000 } from './testing/consuming-service.js';

describe('outbox and inbox', () => {
  let test: TestDatabase;
  const [ours, theirs] = [uuidv7(), uuidv7()];
  beforeAll(async () => (test = await createTestDatabase([Tables1000000000000], 'tables')));
  afterAll(() => test.drop());

  const write = (tenant: string) => [
    `insert into outbox (id, tenant_id, type, correlation_id, data) values ('${uuidv7()}', '${tenant}', 't', 'c', '{}')`,
    `insert into inbox (consumer, message_id, tenant_id) values ('ticket-api', '${uuidv7()}', '${tenant}')`,
  ];

  it('take rows of the open tenant only', async () => {
    for (const statement of write(ours)) await test.database.asTenant(ours, (tx) => tx.execute(statement));
    for (const statement of write(theirs))
      await expect(test.database.asTenant(ours, (tx) => tx.execute(statement))).rejects.toThrow(/row-level security/);
  });

  it('show, change and give up nothing to the service itself', async () => {
    for (const table of ['outbox', 'inbox']) {
      for (const statement of [
        `select from ${table}`,
        `update ${table} set tenant_id = tenant_id`,
        `delete from ${table}`,
      ])
        await expect(test.database.asTenant(ours, (tx) => tx.execute(statement))).rejects.toThrow(/permission denied/);
    }
  });

  it('are only emptied by jobs', async () => {
    for (const statement of write(ours))
      await expect(test.database.asJob((tx) => tx.execute(statement))).rejects.toThrow(/permission denied/);
    expect(await test.database.asJob((tx) => tx.execute('delete from outbox'))).toBe(1);
  });

  it('are forced behind row-level security', async () => {
    const tables = await test.asOwner<{ relname: string }>(
      `select relname from pg_class where relrowsecurity and relforcerowsecurity and relname in ('outbox', 'inbox')`,
    );
    expect(tables).toHaveLength(2);
  });
});
