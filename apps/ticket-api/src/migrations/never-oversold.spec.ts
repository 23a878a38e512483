import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { addEvent, addOrganization, type SeededEvent } from '../testing/seed.js';
import { migrations } from './index.js';

let db: TestDatabase;
let event: SeededEvent;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'never_oversold');
  event = await addEvent(db, await addOrganization(db, {}), { capacity: 10 });
});
afterAll(() => db?.drop());

/** As the service's own login, whatever its code has counted. */
const set = (change: string) =>
  db.database.asTenant(event.tenantId, (transaction) =>
    transaction.execute(`update stock_counters set ${change} where id = $1`, [event.counterId]),
  );

describe('the stock of a ticket type', () => {
  it('can be taken to the last ticket', async () => {
    expect(await set('taken = 10')).toBe(1);
  });

  it.each([
    ['more is taken than there is', 'taken = capacity + 1'],
    ['less is there than was taken', 'capacity = taken - 1'],
    ['more came back than was taken', 'taken = -1'],
  ])('is refused by the database when %s', async (_, change) => {
    await expect(set(change)).rejects.toThrow('never_oversold');
  });
});

describe('a row that contradicts itself is refused by the database', () => {
  // Nothing that it refers to is there: only the row itself is judged.
  const id = '0190a6e0-0000-7000-8000-00000000000a';
  const ids = (names: string) =>
    names
      .split(' ')
      .map(() => `'${id}'`)
      .join();
  const order = `orders (id, tenant_id, event_id, user_id, currency, expires_at, status, total, refunded, refund_pending, confirmed_how)
    values (${ids('id tenant event user')}, 'EUR', now(), `;
  const refund = `refunds (id, tenant_id, order_id, reason, amount, override_reason, override_by) values (${ids('id tenant order')}, 'r', `;
  const line = `order_items (tenant_id, order_id, ticket_type_id, counter_id, name, unit_price, quantity, returned)
    values (${ids('tenant order type counter')}, 'n', 1, `;
  const ticket = `tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price, status)
    values (${ids('id tenant order event type holder')}, `;
  const type = `ticket_types (id, tenant_id, event_id, counter_id, name, currency, max_per_order, price)
    values (${ids('id tenant event counter')}, 'n', 'EUR', 1, `;
  const ofEvent = `events (id, tenant_id, title, venue_name, timezone, refundable_until, starts_at, ends_at)
    values (${ids('id tenant')}, 't', 'v', 'UTC', now(), now(), `;

  it.each([
    ['an order confirmed in no way', `${order} 'confirmed', 1, 0, 0, null)`],
    ['an order of less than nothing', `${order} 'pending', -1, 0, 0, null)`],
    ['less than nothing paid back', `${order} 'pending', 1, -1, 0, null)`],
    ['less than nothing on its way back', `${order} 'pending', 1, 0, -1, null)`],
    ['an order in no state', `${order} 'lost', 1, 0, 0, null)`],
    ['a refund of less than nothing', `${refund} -1, null, null)`],
    ['an override by nobody', `${refund} 1, 'why', null)`],
    ['more tickets back than were bought', `${line} 1, 2)`],
    ['a line of no ticket', `${line} 0, 0)`],
    ['an admission at no time', `${ticket} 1, 'checked_in')`],
    ['a ticket of less than nothing', `${ticket} -1, 'valid')`],
    ['a price of less than nothing', `${type} -1)`],
    ['an e-mail in capitals', `users (id, email, password_hash, name) values ('${id}', 'Ada@x.org', '-', 'Ada')`],
    ['an event that ends before it begins', `${ofEvent} now() - interval '1 hour')`],
  ])('%s', async (_, row) => {
    const insert = `do $$ begin set local session_replication_role = replica; insert into ${row}; end $$`;
    await expect(db.asOwner(insert)).rejects.toThrow('violates check constraint');
  });
});
