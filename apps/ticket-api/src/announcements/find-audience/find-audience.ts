import { Injectable } from '@nestjs/common';
import { AUDIENCE_PAGE, type Audience, type FindAudience } from '@app/contracts';
import { Database } from '@app/persistence';
import { NIL } from 'uuid';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { MailPreferenceStore, UnsubscribeTokens } from '../../mail-preferences/mail-preferences.module.js';

type Person = Audience['people'][number];
const NOBODY: Audience = { people: [], next: null };

/** Who is to be told something of an event. A page is a step through the people's ids, so none is named twice. */
@Injectable()
export class AudienceOfEvent {
  constructor(
    private readonly database: Database,
    private readonly access: ResourceAccess,
    private readonly preferences: MailPreferenceStore,
    private readonly tokens: UnsubscribeTokens,
  ) {}

  /** Empty for what is no news any more: a change of a cancelled event, a reminder of one that has begun. */
  async find(eventId: string, { about, after, boughtBefore }: FindAudience): Promise<Audience> {
    const event = await this.access.locate('event', eventId, null);
    if (!event) return NOBODY;
    const { tenantId } = event;
    const people = await this.database.asTenant(tenantId, async (transaction) => {
      const [still] = await transaction.query(STILL[about], [eventId]);
      if (!still) return [];
      const parameters = [
        eventId,
        after ?? NIL,
        AUDIENCE_PAGE,
        ...(about === 'reminder' ? [boughtBefore ?? null] : []),
      ];
      return transaction.query<Person & { wanted: boolean }>(PAGES[about], parameters);
    });
    const next = people.length === AUDIENCE_PAGE ? people.at(-1)!.userId : null;
    const wanted = people.filter(({ wanted: isWanted }) => isWanted).map(({ wanted: _, ...person }) => person);
    if (about !== 'reminder') return { people: wanted, next };
    const unwilling = await this.preferences.unsubscribed(
      'reminder',
      tenantId,
      wanted.map(({ userId }) => userId),
    );
    const willing = wanted.filter(({ userId }) => !unwilling.has(userId));
    return { people: willing.map((person) => this.withLink(person, tenantId)), next };
  }

  private withLink(person: Person, tenantId: string): Person {
    return { ...person, unsubscribe: this.tokens.make({ userId: person.userId, tenantId, kind: 'reminder' }) };
  }
}

const STILL: Record<FindAudience['about'], string> = {
  change: `select from events where id = $1 and status = 'published' and ends_at > now()`,
  cancellation: `select from events where id = $1 and status = 'cancelled'`,
  reminder: `select from events where id = $1 and status = 'published' and starts_at > now()`,
};

/** Tickets that were good until the event was cancelled. */
const GOOD_UNTIL_CANCELLED = `(t.status in ('valid', 'frozen', 'checked_in') or exists (
  select from refunds r where r.tenant_id = t.tenant_id and r.id = t.refund_id and r.reason = 'event-cancelled'))`;
const OPEN_UNTIL_CANCELLED = `(o.status = 'confirmed' or o.status = 'refunded' and o.reason = 'event-cancelled')`;

/** Both sides go by an index, in the order of the people's ids, and end where the page is full. */
const holders = (which: string) => `(select distinct t.holder_id as id from tickets t
  where t.event_id = $1 and t.holder_id > $2 and ${which} order by 1 limit $3)`;
const buyers = (which: string) => `(select distinct o.user_id as id from orders o
  where o.event_id = $1 and o.user_id > $2 and ${which} order by 1 limit $3)`;

const page = (people: string, tickets: string, wanted = 'true') => `
  with page as (select id from (${people}) as everybody group by id order by id limit $3)
  select u.id as "userId", u.name, u.email, u.erased_at is null and ${wanted} as wanted,
    (select o.id from orders o where o.event_id = $1 and o.user_id = u.id and ${OPEN_UNTIL_CANCELLED}
      order by o.id desc limit 1) as "orderId",
    (select t.order_id from tickets t where t.event_id = $1 and t.holder_id = u.id and ${tickets} limit 1) as "ticketsOf",
    (select count(*)::int from tickets t where t.event_id = $1 and t.holder_id = u.id and ${tickets}) as tickets
  from page join users u using (id) order by u.id`;

const GOOD = `t.status in ('valid', 'frozen', 'checked_in')`;
const USABLE = `t.status = 'valid' and t.created_at < $4::timestamptz`;

/** Who gets money back is told of the cancellation with it, by `order.refund-requested.v1`. */
const TOLD_WITH_THE_MONEY = `exists (select from orders o join tickets t on t.tenant_id = o.tenant_id and t.order_id = o.id
  where o.event_id = $1 and o.user_id = u.id and o.confirmed_how = 'paid' and o.total > 0 and ${OPEN_UNTIL_CANCELLED}
    and t.status <> 'checked_in' and ${GOOD_UNTIL_CANCELLED})`;

const PAGES: Record<FindAudience['about'], string> = {
  change: page(`${holders(GOOD)} union all ${buyers(`o.status = 'confirmed'`)}`, GOOD),
  cancellation: page(
    `${holders(GOOD_UNTIL_CANCELLED)} union all ${buyers(OPEN_UNTIL_CANCELLED)}`,
    GOOD_UNTIL_CANCELLED,
    `not ${TOLD_WITH_THE_MONEY}`,
  ),
  reminder: page(holders(USABLE), USABLE),
};
