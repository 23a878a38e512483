import { randomUUID } from 'node:crypto';

const BUYERS = 200;
const ENDLESS = 10_000_000;

/** The n-th buyer's id, as `floor/order.sql` makes it. */
const buyerId = (n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** An organization's published event with one ticket type, and buyers. @returns their ids */
export async function addSale(client) {
  const [tenantId, eventId, counterId, typeId] = Array.from({ length: 4 }, () => randomUUID());
  await client.query(
    `insert into users (id, email, password_hash, name, email_verified_at)
     select id, id || '@bench.example', '-', 'Bench', now() from unnest($1::uuid[]) as id on conflict do nothing`,
    [Array.from({ length: BUYERS }, (_, n) => buyerId(n + 1))],
  );
  await client.query(`insert into organizations (tenant_id, name, slug) values ($1, 'Bench', $2)`, [
    tenantId,
    tenantId,
  ]);
  await client.query(
    `insert into events (id, tenant_id, title, status, venue_name, venue_city, timezone, starts_at, ends_at, refundable_until)
     values ($1, $2, 'The rush', 'published', 'Hall', 'Paris', 'Europe/Paris', now() + interval '30 days', now() + interval '31 days', now())`,
    [eventId, tenantId],
  );
  await client.query(`insert into stock_counters (id, tenant_id, event_id, capacity) values ($1, $2, $3, $4)`, [
    ...[counterId, tenantId, eventId, ENDLESS],
  ]);
  await client.query(
    `insert into ticket_types (id, tenant_id, event_id, counter_id, name, price, currency, max_per_order)
     values ($1, $2, $3, $4, 'Standing', 4500, 'EUR', 10)`,
    [typeId, tenantId, eventId, counterId],
  );
  const buyerIds = Array.from({ length: BUYERS }, (_, n) => buyerId(n + 1));
  return { tenantId, eventId, counterId, typeId, buyerIds };
}
