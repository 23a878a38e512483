import { v7 as uuid } from 'uuid';
import type { Dice } from '../engine/dice.js';
import type { World } from '../platform/world.js';

/** What a history is about: an event of an organization of its own, small enough that buyers contend for it. */
export interface Stage {
  tenantId: string;
  eventId: string;
  types: readonly { id: string; price: number }[];
}

const DAY = 86_400_000;
const PRICES = [4500, 2000, 0];

export async function setStage(world: World, dice: Dice): Promise<Stage> {
  const [tenantId, eventId] = [uuid(), uuid()];
  const at = (days: number) => new Date(world.clock.now + days * DAY).toISOString();
  const types = [PRICES[0]!, dice.pick(PRICES)].map((price) => ({ id: uuid(), counterId: uuid(), price }));
  const capacities = types.map(() => dice.between(2, 5));
  await world.databases.ask(
    'ticket-api',
    `with organization as (
       insert into organizations (tenant_id, name, slug) values ($1::uuid, 'Jazz & Co.', $1::text)
     ), member as (
       insert into members (tenant_id, user_id, role) values ($1::uuid, $2::uuid, 'owner')
     ), event as (
       insert into events (id, tenant_id, title, status, venue_name, starts_at, ends_at, timezone, refundable_until)
       values ($3::uuid, $1::uuid, 'Jazz', 'published', 'Hall', $4::timestamptz, $5::timestamptz, 'Europe/Warsaw', $4::timestamptz)
     ), counters as (
       insert into stock_counters (id, tenant_id, event_id, capacity)
       select c.id, $1::uuid, $3::uuid, c.capacity from unnest($6::uuid[], $7::bigint[]) as c (id, capacity)
     )
     insert into ticket_types (id, tenant_id, event_id, counter_id, name, price, currency, max_per_order)
     select t.id, $1::uuid, $3::uuid, t.counter_id, 'Standing', t.price, 'EUR', 4
     from unnest($8::uuid[], $6::uuid[], $9::bigint[]) as t (id, counter_id, price)`,
    [
      ...[tenantId, world.organizer.id, eventId, at(30), at(31)],
      types.map(({ counterId }) => counterId),
      capacities,
      types.map(({ id }) => id),
      types.map(({ price }) => price),
    ],
  );
  return { tenantId, eventId, types };
}
