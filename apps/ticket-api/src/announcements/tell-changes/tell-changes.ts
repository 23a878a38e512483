import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { eventChanged, type EventFacts } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database, OneAtATime } from '@app/persistence';
import { ReadEventFacts } from '../../catalogue/catalogue.module.js';

const EVERY = 1_000;
/** Events that one look tells of at most. */
const BATCH = 50;

/**
 * Tells what became of an event some time after its organizer's last edit, so that a burst of them is one mail and a slip
 * that is taken back none. Every replica may run it: one of them has the row, and what is told is not due any more.
 */
@Injectable()
export class TellChanges implements BeforeApplicationShutdown {
  private readonly log = new Logger(TellChanges.name);
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

  /** One look; true when more may be due at once. */
  async look(): Promise<boolean> {
    const due = await this.database.asJob((transaction) =>
      transaction.query<{ id: string; tenantId: string }>(
        `select id, tenant_id as "tenantId" from events where change_due_at <= now() order by change_due_at limit $1`,
        [BATCH],
      ),
    );
    for (const { id, tenantId } of due) await this.database.asTenant(tenantId, () => this.tell(id, tenantId));
    return due.length === BATCH;
  }

  private async tell(eventId: string, tenantId: string): Promise<void> {
    const event = await this.events.take(eventId, 'e.change_due_at <= now()');
    if (!event) return;
    const { facts, changedFrom: before, refundsOpen } = event;
    if (event.status === 'published' && !event.isOver && before && differ(before, facts))
      await this.outbox.add(eventChanged, { tenantId, data: { event: facts, before, refundsOpen } });
    await this.database
      .current()
      .execute('update events set changed_from = null, changed_at = null, change_due_at = null where id = $1', [
        eventId,
      ]);
  }
}

/** Instants are compared as such, whatever their spelling. */
const differ = (before: EventFacts, now: EventFacts): boolean => spelled(before) !== spelled(now);

const spelled = ({ title, startsAt, endsAt, timezone, venue }: EventFacts) =>
  JSON.stringify([title, Date.parse(startsAt), Date.parse(endsAt), timezone, venue.name, venue.address, venue.city]);
