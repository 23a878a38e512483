import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PLATFORM_TENANT } from '@app/contracts';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { migrations } from '../migrations/index.js';
import { addPaidPayment, newRefund, type PaidPayment } from '../testing/paid-payment.js';
import { OnUserErased } from './on-user-erased.js';

let db: TestDatabase;
let payment: PaidPayment;
let handler: OnUserErased;
const [email, name] = ['quirin@somewhere.example', 'Quirin Somewhere'];
const person = uuid();
const nobody = `${person}@erased.invalid`;

beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_erasure');
  handler = new OnUserErased(db.database);
  payment = await addPaidPayment(db, { putAside: 4500 });
  await db.asOwner('update owed_orders set user_id = $1, buyer_email = $2', [person, email]);
  await db.asOwner('update payments set user_id = $1, parameters = $2', [
    person,
    JSON.stringify({ mode: 'payment', customer_email: email }),
  ]);
  const [sql, parameters] = newRefund(payment, 4500);
  await db.asOwner(sql, parameters);
  await db.asOwner('update refunds set user_id = $1, decided_by = $1, decided_by_name = $2', [person, name]);
  await db.asOwner(
    `insert into idempotency_keys (tenant_id, caller_id, key, fingerprint, status, body) values ($1, $2, 'k', '', 200, $3)`,
    [payment.tenantId, person, JSON.stringify({ name })],
  );
});
afterAll(() => db.drop());

const erase = () => db.database.asTenant(PLATFORM_TENANT, () => handler.handle({ userId: person, email }));
/** Every place of the database where the person's address or name stands. */
async function places(): Promise<string[]> {
  const columns = await db.asOwner<{ table: string; column: string }>(
    `select c.table_name as table, c.column_name as column from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'`,
  );
  const found = await Promise.all(
    columns.map(async ({ table, column }) => {
      const sql = `select 1 from "${table}" where strpos("${column}"::text, $1) > 0 or strpos("${column}"::text, $2) > 0 limit 1`;
      return (await db.asOwner(sql, [email, name])).length > 0 ? [`${table}.${column}`] : [];
    }),
  );
  return found.flat().sort();
}

it('takes the address and the names, and leaves amounts, states and the books', async () => {
  const books = () => db.asOwner('select id, status, amount, paid, refunded_total, user_id from payments');
  const before = await books();
  expect(await places()).toEqual([
    ...['idempotency_keys.body', 'owed_orders.buyer_email', 'payments.parameters', 'refunds.decided_by_name'],
  ]);
  for (let copies = 0; copies < 2; copies++) await erase();
  expect(await places()).toEqual([]);
  expect(await books()).toEqual(before);
  expect(await db.asOwner('select buyer_email from owed_orders')).toEqual([{ buyer_email: nobody }]);
});

it('takes it again from what messages in another order bring back', async () => {
  await db.asOwner('update owed_orders set buyer_email = $1', [email]);
  await handler.again();
  expect(await places()).toEqual([]);
});

it('every column that can hold personal data is known', async () => {
  const columns = await db.asOwner<{ place: string }>(
    `select table_name || '.' || column_name as place from information_schema.columns
     where table_schema = 'public' and table_name <> 'schema_migrations' and (data_type in ('json', 'jsonb')
       or column_name ~ '(mail|name|address|network|agent|secret|holder|buyer|recipient|note$|user_id|caller_id|_by$)')`,
  );
  expect(columns.map(({ place }) => place).sort()).toEqual(Object.keys(known).sort());
});

/** And what becomes of it, and where the export tells it. */
const known: Readonly<Record<string, readonly [whenErased: string, exportedAs: string]>> = {
  'erased_people.user_id': ['an id that leads to nobody', 'of nobody'],
  'idempotency_keys.body': ['gone with the row', 'no: for 48 hours a copy of what stands elsewhere'],
  'idempotency_keys.caller_id': ['gone with the row', 'no: for 48 hours a copy of what stands elsewhere'],
  'outbox.data': ['gone when it is told, within milliseconds', 'no: on its way for milliseconds'],
  'owed_orders.buyer_email': ['replaced by nobody’s address', '`payments.owed`'],
  'owed_orders.items': ['of the ticket types', 'in ticket-api’s `orders`'],
  'owed_orders.user_id': ['stays as an id', '`payments.owed`'],
  'payments.parameters': ['loses the address, once the provider has answered', '`payments.payments.email`'],
  'payments.user_id': ['stays as an id', '`payments.payments`'],
  'reconciliation_differences.note': ['an administrator’s words about money of nobody', 'of no person'],
  'reconciliation_differences.settled_by': ['stays as an id', 'as a deed'],
  'refunds.covered_by': ['of the provider', 'of no person'],
  'refunds.decided_by': ['stays as an id', 'as a deed'],
  'refunds.decided_by_name': ['replaced', 'the name of `account`'],
  'refunds.note': [
    'an organizer’s words about a refund, as the books need them',
    '`payments.refunds.note`, to whom the money went',
  ],
  'refunds.user_id': ['stays as an id', '`payments.refunds`'],
  'webhook_events.body': [
    'gone when it is handled, or after its retries',
    'no: the provider’s word, until it is handled',
  ],
};
