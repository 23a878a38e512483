import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { eventually } from './support/client.js';
import { asOwner } from './support/owner.js';
import { pay } from './support/payment-page.js';
import { mailTo, person, verifyEmail, type Person } from './support/people.js';
import { expecting, placeOrder, sale } from './support/sale.js';

const DATABASES = ['ticket_api', 'payment_service', 'notification_service', 'broker'];
const NAME = 'Quirina Unverwechselbar';

let platform: Platform;
let buyer: Person;
let orderId: string;

/** Somebody who bought two tickets, paid, gave one back, offered the other to a friend and was written to about it all. */
beforeAll(async () => {
  platform = await startPlatform();
  const selling = await sale(platform);
  buyer = await person(platform, NAME);
  await verifyEmail(platform, buyer);
  const order = await placeOrder(buyer, selling, 2);
  orderId = order.id;
  await pay(order.checkoutUrl);
  const confirmed = await eventually(
    'the confirmation',
    () => expecting(200, buyer.client, 'GET', `/orders/${orderId}`),
    ({ status }) => status === 'confirmed',
  );
  await expecting(202, buyer.client, 'DELETE', `/tickets/${confirmed.tickets[0].id}`);
  await eventually(
    'the money back',
    () => expecting(200, buyer.client, 'GET', `/orders/${orderId}`),
    ({ refunded, refundPending }) => refunded.amount === 4500 && refundPending.amount === 0,
  );
  await mailTo(platform, buyer.email, /refund/i);
  const friend = await person(platform, 'Fred');
  await verifyEmail(platform, friend);
  const path = `/tickets/${confirmed.tickets[1].id}/transfer`;
  for (const [answer, said] of [
    ['decline', /declined/],
    ['accept', /handed on/],
  ] as const) {
    const { id } = await expecting(201, buyer.client, 'POST', path, { email: friend.email });
    await expecting(200, friend.client, 'POST', `/tickets/transfers/${id}/${answer}`);
    await mailTo(platform, buyer.email, said);
  }
  await mailTo(platform, friend.email, /^Your ticket for/);
});
afterAll(() => platform?.remove());

/** Every place of the platform's databases where a text stands, also queues and answers; bytes are searched as UTF-8. */
async function placesOf(...texts: string[]): Promise<string[]> {
  const found = await Promise.all(
    DATABASES.map(async (database) => {
      const columns = await asOwner(
        platform,
        `select quote_ident(table_schema) || '.' || quote_ident(table_name) as "table", quote_ident(column_name) as "column", data_type = 'bytea' as bytes
         from information_schema.columns join information_schema.tables using (table_schema, table_name)
         where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
        [],
        database,
      ).catch((error: Error) => {
        // With RabbitMQ there is no database of queues.
        if (database === 'broker' && /does not exist/.test(error.message)) return [];
        throw error;
      });
      if (columns.length === 0) return [];
      const parts = columns.map(({ table, column, bytes }) => {
        const text = bytes ? `encode(${column}, 'escape')` : `${column}::text`;
        return `select '${table}.${column}' as place where exists (select from ${table}, unnest($1::text[]) wanted where strpos(lower(${text}), lower(wanted)) > 0)`;
      });
      const rows = await asOwner(platform, parts.join(' union all '), [texts], database);
      return rows.map(({ place }) => `${database}: ${place}`);
    }),
  );
  return found.flat().sort();
}

describe('personal data, in the whole house', () => {
  it('all that three services hold is told to the person', async () => {
    const held = await eventually(
      'the export',
      () => expecting(200, buyer.client, 'GET', '/users/me/export'),
      ({ exportedAt }) => exportedAt !== undefined,
    );
    expect(held).toMatchObject({
      leftOut: [],
      account: { email: buyer.email, name: NAME },
      orders: [{ id: orderId, total: { amount: 9000 } }],
      refunds: [{ orderId, amount: { amount: 4500 } }],
      payments: { owed: [{ orderId }], payments: [{ orderId, paid: 9000 }], refunds: [{ orderId }] },
    });
    expect(held.tickets).toHaveLength(2);
    expect(held.transfers).toMatchObject([{ status: 'accepted', direction: 'outgoing' }, { status: 'declined' }]);
    const about = held.mails.map(({ kind }: { kind: string }) => kind);
    expect(about).toEqual(
      expect.arrayContaining(['email-verification', 'order-confirmed', 'refund-requested', 'transfer-accepted']),
    );
    for (const { recipient } of held.mails) expect(recipient).toBe(buyer.email);
  });

  it('is nowhere in any database once the account is erased', async () => {
    expect((await placesOf(buyer.email, NAME)).length).toBeGreaterThan(3);
    await expecting(204, buyer.client, 'DELETE', '/users/me');
    await mailTo(platform, buyer.email, /erased/i);
    await eventually(
      'that nothing is left',
      () => placesOf(buyer.email, NAME),
      // A queue's done jobs are the broker's, and go with its own retention.
      (places) => places.filter((place) => !place.startsWith('broker: pgboss')).length === 0,
    );
  });
});
