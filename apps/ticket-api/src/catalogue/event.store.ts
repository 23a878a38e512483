import { Injectable } from '@nestjs/common';
import type { EventFacts } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { hasEnded, type EventFields, type EventState } from './event.js';
import { eventEnded } from './refusals.js';

export type StoredEvent = EventFields & EventState & { id: string };

interface EventRecord {
  id: string;
  title: string;
  description: string | null;
  terms: string | null;
  status: EventState['status'];
  is_over: boolean;
  venue_name: string;
  venue_address: string | null;
  venue_city: string | null;
  venue_country: string | null;
  venue_latitude: number | null;
  venue_longitude: number | null;
  starts_at: Date;
  ends_at: Date;
  timezone: string;
  refundable_until: Date;
  transfers_allowed: boolean;
  reentry_allowed: boolean;
  waiting_list: boolean;
  resale_allowed: boolean;
}

const DECIDED = `title, description, terms, venue_name, venue_address, venue_city, venue_country, venue_latitude, venue_longitude,
  starts_at, ends_at, timezone, refundable_until, transfers_allowed, reentry_allowed, waiting_list, resale_allowed`;

/** Parameters for DECIDED, of which the first has this number. */
const parametersFrom = (first: number) =>
  DECIDED.split(',')
    .map((_, index) => `$${first + index}`)
    .join(', ');

/** Events, written inside the open transaction of their tenant. */
@Injectable()
export class EventStore {
  constructor(private readonly database: Database) {}

  async insertDraft(id: string, tenantId: string, fields: EventFields): Promise<void> {
    await this.database
      .current()
      .execute(`insert into events (id, tenant_id, ${DECIDED}) values ($1, $2, ${parametersFrom(3)})`, [
        id,
        tenantId,
        ...columnsOf(fields),
      ]);
  }

  /**
   * The event, locked until the transaction ends: its changes, its publication, its cancellation and what is said about
   * all of its ticket types follow each other. NO KEY: orders and tickets that refer to it need not wait.
   */
  async lock(eventId: string): Promise<StoredEvent> {
    const [row] = await this.database
      .current()
      .query<EventRecord>(
        `select id, status, ends_at < now() as is_over, ${DECIDED} from events where id = $1 for no key update`,
        [eventId],
      );
    if (!row) throw notFound('The event');
    return toStoredEvent(row);
  }

  /** The event, locked, if it may still be changed. @throws 409 `event-ended` otherwise. */
  async lockOpen(eventId: string): Promise<StoredEvent> {
    const event = await this.lock(eventId);
    if (hasEnded(event)) throw eventEnded();
    return event;
  }

  async update(eventId: string, fields: EventFields): Promise<void> {
    await this.database
      .current()
      .execute(`update events set (${DECIDED}) = (${parametersFrom(2)}), updated_at = now() where id = $1`, [
        eventId,
        ...columnsOf(fields),
      ]);
  }

  /**
   * Holders of tickets are to hear that the event was otherwise: `quiet` seconds after the last of several edits, five
   * times as long after the first at the latest. Of an edit they are told how it was before the first one.
   */
  async noteChange(eventId: string, before: EventFields, quiet: number): Promise<void> {
    await this.database.current().execute(
      `update events set changed_from = coalesce(changed_from, $2::jsonb), changed_at = coalesce(changed_at, now()),
         change_due_at = least(now() + make_interval(secs => $3), coalesce(changed_at, now()) + make_interval(secs => 5 * $3))
       where id = $1`,
      [eventId, factsBefore(eventId, before), quiet],
    );
  }

  async publish(eventId: string): Promise<void> {
    await this.database
      .current()
      .execute(`update events set status = 'published', updated_at = now() where id = $1 and status = 'draft'`, [
        eventId,
      ]);
  }
}

const columnsOf = ({ title, description, terms, venue, startsAt, endsAt, timezone, ...others }: EventFields) => [
  title,
  description,
  terms,
  venue.name,
  venue.address ?? null,
  venue.city ?? null,
  venue.country ?? null,
  venue.latitude ?? null,
  venue.longitude ?? null,
  startsAt.toISOString(),
  endsAt.toISOString(),
  timezone,
  others.refundableUntil.toISOString(),
  others.transfersAllowed,
  others.reentryAllowed,
  others.waitingList,
  others.resaleAllowed,
];

const factsBefore = (id: string, { title, venue, startsAt, endsAt, timezone }: EventFields): EventFacts => ({
  ...{ id, title, timezone, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() },
  venue: { name: venue.name, address: venue.address ?? null, city: venue.city ?? null },
});

const toStoredEvent = (row: EventRecord): StoredEvent => ({
  id: row.id,
  status: row.status,
  isOver: row.is_over,
  title: row.title,
  description: row.description,
  terms: row.terms,
  venue: {
    name: row.venue_name,
    address: row.venue_address,
    city: row.venue_city,
    country: row.venue_country,
    latitude: row.venue_latitude,
    longitude: row.venue_longitude,
  },
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  timezone: row.timezone,
  refundableUntil: row.refundable_until,
  transfersAllowed: row.transfers_allowed,
  reentryAllowed: row.reentry_allowed,
  waitingList: row.waiting_list,
  resaleAllowed: row.resale_allowed,
});
