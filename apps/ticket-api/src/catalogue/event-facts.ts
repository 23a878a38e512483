import { Injectable } from '@nestjs/common';
import type { EventFacts } from '@app/contracts';
import { Database, jsonInstant as instant } from '@app/persistence';
import { organizerOf } from '../organizations/organizations.module.js';

interface EventRow {
  id: string;
  status: 'draft' | 'published' | 'cancelled';
  isOver: boolean;
  refundsOpen: boolean;
  facts: EventFacts;
  changedFrom: EventFacts | null;
}

/** Events as mails tell them, read inside the open transaction of their tenant. */
@Injectable()
export class ReadEventFacts {
  constructor(private readonly database: Database) {}

  /** Locked until the transaction ends, unless another replica has it: then undefined, as when `which` does not hold. */
  async take(eventId: string, which: string): Promise<EventRow | undefined> {
    const [row] = await this.database
      .current()
      .query<EventRow>(`${READ} where e.id = $1 and ${which} for no key update of e skip locked`, [eventId]);
    return row;
  }

  /** @throws when it is not there. */
  async of(eventId: string): Promise<EventFacts> {
    const [row] = await this.database.current().query<EventRow>(`${READ} where e.id = $1`, [eventId]);
    if (!row) throw new Error(`There is no event ${eventId}.`);
    return row.facts;
  }
}

const READ = `
  select e.id, e.status, e.ends_at < now() as "isOver", e.refundable_until > now() as "refundsOpen", e.changed_from as "changedFrom",
    json_build_object('id', e.id, 'title', e.title, 'startsAt', ${instant('e.starts_at')}, 'endsAt', ${instant('e.ends_at')},
      'timezone', e.timezone, 'organizer', ${organizerOf('e.tenant_id')},
      'venue', json_build_object('name', e.venue_name, 'address', e.venue_address, 'city', e.venue_city)) as facts
  from events e`;
