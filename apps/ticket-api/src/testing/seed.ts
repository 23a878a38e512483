import type { Identity } from '@app/auth';
import type { Role } from '@app/contracts';
import type { TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';

/** Rows that a spec starts from, written by the database's owner: the features under test need not be able to make them. */
export async function addPerson(db: TestDatabase, name = 'Ada'): Promise<Identity> {
  const userId = uuid();
  const email = `${userId}@example.org`;
  await db.asOwner(`insert into users (id, email, password_hash, name) values ($1, $2, '', $3)`, [userId, email, name]);
  return { userId, email, name, emailVerified: true, sessionId: uuid() };
}

export async function addOrganization(db: TestDatabase, members: Partial<Record<Role, Identity>>): Promise<string> {
  const tenantId = uuid();
  await db.asOwner(`insert into organizations (tenant_id, name, slug) values ($1, 'Jazz & Co.', $2)`, [
    tenantId,
    `org-${tenantId}`,
  ]);
  for (const [role, { userId }] of Object.entries(members))
    await db.asOwner(`insert into members (tenant_id, user_id, role) values ($1, $2, $3)`, [tenantId, userId, role]);
  return tenantId;
}

export interface SeededEvent {
  tenantId: string;
  eventId: string;
  typeId: string;
  counterId: string;
}

interface NewTicketType {
  capacity?: number;
  maxPerOrder?: number;
  salesEndAt?: Date;
  /** Minor units. */
  price?: number;
  currency?: string;
}

interface NewEvent extends NewTicketType {
  status?: string;
  startsIn?: string;
  lasts?: string;
}

/** An event with one ticket type, of 100 at 45 euros unless told otherwise. `startsIn` and `lasts` are intervals of PostgreSQL. */
export async function addEvent(
  db: TestDatabase,
  tenantId: string,
  { status = 'published', startsIn = '30 days', lasts = '3 hours', ...type }: NewEvent = {},
): Promise<SeededEvent> {
  const eventId = uuid();
  await db.asOwner(
    `insert into events (id, tenant_id, title, status, venue_name, starts_at, ends_at, timezone, refundable_until)
     values ($1, $2, 'Jazz', $3, 'Hall', now() + $4::interval, now() + $4::interval + $5::interval, 'Europe/Warsaw', now() + $4::interval)`,
    [eventId, tenantId, status, startsIn, lasts],
  );
  return { tenantId, eventId, ...(await addTicketType(db, { tenantId, eventId }, type)) };
}

export async function addTicketType(
  db: TestDatabase,
  { tenantId, eventId }: Pick<SeededEvent, 'tenantId' | 'eventId'>,
  { capacity = 100, maxPerOrder = 10, salesEndAt, price = 4500, currency = 'EUR' }: NewTicketType = {},
): Promise<Pick<SeededEvent, 'typeId' | 'counterId'>> {
  const [typeId, counterId] = [uuid(), uuid()];
  await db.asOwner('insert into stock_counters (id, tenant_id, event_id, capacity) values ($1, $2, $3, $4)', [
    counterId,
    tenantId,
    eventId,
    capacity,
  ]);
  await db.asOwner(
    `insert into ticket_types (id, tenant_id, event_id, counter_id, name, price, currency, max_per_order, sales_end_at)
     values ($1, $2, $3, $4, 'Standing', $7, $8, $5, $6)`,
    [typeId, tenantId, eventId, counterId, maxPerOrder, salesEndAt ?? null, price, currency],
  );
  return { typeId, counterId };
}

/** A paid order's tickets, oldest first. */
export async function addTickets(
  db: TestDatabase,
  { tenantId, eventId, typeId, counterId }: SeededEvent,
  holder: Identity,
  quantity = 1,
): Promise<{ orderId: string; ticketIds: string[] }> {
  const orderId = uuid();
  const ticketIds = Array.from({ length: quantity }, () => uuid());
  await db.asOwner(
    `insert into orders (id, tenant_id, event_id, user_id, status, total, currency, confirmed_how, expires_at)
     values ($1, $2, $3, $4, 'confirmed', $5, 'EUR', 'paid', now())`,
    [orderId, tenantId, eventId, holder.userId, 4500 * quantity],
  );
  await db.asOwner(
    `insert into order_items (tenant_id, order_id, ticket_type_id, counter_id, name, quantity, unit_price)
     values ($1, $2, $3, $4, 'Standing', $5, 4500)`,
    [tenantId, orderId, typeId, counterId, quantity],
  );
  await db.asOwner(
    `insert into tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price)
     select id, $2, $3, $4, $5, $6, 4500 from unnest($1::uuid[]) as id`,
    [ticketIds, tenantId, orderId, eventId, typeId, holder.userId],
  );
  await db.asOwner('update stock_counters set taken = taken + $2 where id = $1', [counterId, quantity]);
  return { orderId, ticketIds };
}
