import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { eventReminderDue } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database, OneAtATime } from '@app/persistence';
import { ReadEventFacts } from '../../catalogue/catalogue.module.js';
import { reminderTime } from './reminder-time.js';

const EVERY = 10_000;

interface Upcoming {
  id: string;
  tenantId: string;
  startsAt: Date;
  timezone: string;
  now: Date;
}

/** No reminder is due earlier than this before the start: the day before begins 9:00, and an event 23:59 at the latest. */
const SOONEST = `interval '48 hours'`;
/** Later it is no reminder any more, but a mail to people on their way. */
const LATEST = `interval '2 hours'`;
/** Who was reminded and then told that it is a little later needs no second reminder; of another month's date, one. */
const NOT_AGAIN = `(e.reminded_at is null or e.reminded_at < now() - interval '4 days')`;

/**
 * Has the holders of an event's tickets reminded of it, once, by the database's clock: the message commits with the note that
 * it was told, whichever replica was first. After an outage it comes late, or, shortly before the start, not at all.
 */
@Injectable()
export class RemindHolders implements BeforeApplicationShutdown {
  private readonly log = new Logger(RemindHolders.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);

  constructor(
    private readonly database: Database,
    private readonly events: ReadEventFacts,
    private readonly outbox: Outbox,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.looks.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** One look at all events of the coming two days; few of them are left to be told of. */
  async look(): Promise<boolean> {
    const upcoming = await this.database.asJob((transaction) =>
      transaction.query<Upcoming>(
        `select e.id, e.tenant_id as "tenantId", e.starts_at as "startsAt", e.timezone, now() as now from events e
         where ${DUE} order by e.starts_at`,
      ),
    );
    for (const event of upcoming) {
      const due = reminderTime(event.startsAt, event.timezone);
      if (due <= event.now) await this.database.asTenant(event.tenantId, () => this.remind(event, due));
    }
    return false;
  }

  private async remind({ id, tenantId, startsAt }: Upcoming, due: Date): Promise<void> {
    const event = await this.events.take(id, DUE);
    // Moved meanwhile: the next look judges it anew.
    if (!event || Date.parse(event.facts.startsAt) !== startsAt.getTime()) return;
    const data = { event: event.facts, boughtBefore: due.toISOString() };
    await this.outbox.add(eventReminderDue, { tenantId, data });
    await this.database.current().execute('update events set reminded_at = now() where id = $1', [id]);
  }
}

const DUE = `e.status = 'published' and e.starts_at between now() + ${LATEST} and now() + ${SOONEST} and ${NOT_AGAIN}`;
