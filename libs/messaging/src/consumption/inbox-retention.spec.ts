import { createTestDatabase, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Tables1000000000000 } from '../testing/consuming-service.js';
import { InboxRetention } from './inbox-retention.js';

let test: TestDatabase;
beforeAll(async () => (test = await createTestDatabase([Tables1000000000000], 'retention')));
afterAll(() => test.drop());

it('the inbox forgets after 30 days, of every tenant, however many', async () => {
  await test.asOwner(`
    insert into inbox (consumer, message_id, tenant_id, processed_at)
    select 'ticket-api', gen_random_uuid(), gen_random_uuid(), now() - interval '30 days 1 minute' from generate_series(1, 12000)`);
  await test.asOwner(`
    insert into inbox (consumer, message_id, tenant_id, processed_at)
    values ('ticket-api', gen_random_uuid(), gen_random_uuid(), now() - interval '29 days 23 hours')`);
  expect(await new InboxRetention(test.database).forget()).toBe(12_000);
  expect(await test.asOwner('select from inbox')).toHaveLength(1);
});
