import { Inject, Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@app/persistence';
import { storableJson } from '../stripe/stripe.module.js';

/** `waiting`: nothing of ours fits yet; tried again. `unmatched`: nothing ever did. `ignored`: not our concern. */
export type EventStatus = 'handled' | 'ignored' | 'waiting' | 'unmatched';

export interface WaitingEvent {
  id: string;
  type: string;
  object: unknown;
  isOverdue: boolean;
}

const PROVIDER = 'stripe';

/** The inbox of the provider's events. */
@Injectable()
export class WebhookEventStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Notes an event in the transaction of its effect. False when it has been noted before. */
  async add(event: { id: string; type: string }): Promise<boolean> {
    const added = await this.database
      .current()
      .execute(
        `insert into webhook_events (provider, event_id, type, status) values ($1, $2, $3, 'handled') on conflict (provider, event_id) do nothing`,
        [PROVIDER, event.id, event.type],
      );
    return added === 1;
  }

  /** A waiting event, locked; false when another has dealt with it meanwhile. */
  async lockWaiting(eventId: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .query(`select 1 from webhook_events where provider = $1 and event_id = $2 and status = 'waiting' for update`, [
        PROVIDER,
        eventId,
      ]);
    return rows.length === 1;
  }

  /** How it was dealt with. What the event says is kept only while somebody has to come back to it. */
  async settle(eventId: string, status: EventStatus, object: unknown): Promise<void> {
    const isOpen = status === 'waiting' || status === 'unmatched';
    await this.database.current().execute(
      `update webhook_events set status = $3, body = $4, due_at = coalesce(due_at, now() + interval '2 seconds')
       where provider = $1 and event_id = $2`,
      [PROVIDER, eventId, status, isOpen ? storableJson(object) : null],
    );
  }

  /** Takes waiting events (job role). They are due again after 5 s, then less and less often, up to an hour; for three days. */
  claimWaiting(
    transaction: Transaction,
    { limit, exceptTypes }: { limit: number; exceptTypes: readonly string[] },
  ): Promise<WaitingEvent[]> {
    return transaction.query<WaitingEvent>(
      `update webhook_events set due_at = now() + make_interval(secs => least(5 * 2 ^ least(attempts, 10), 3600)), attempts = attempts + 1
       where (provider, event_id) in (
         select provider, event_id from webhook_events where status = 'waiting' and due_at <= now() and type <> all($2)
         order by due_at limit $1 for update skip locked)
       returning event_id as id, type, body as object, received_at < now() - interval '3 days' as "isOverdue"`,
      [limit, exceptTypes],
    );
  }

  /** Forgets what was dealt with more than 30 days ago (job role): payments are guarded by state beyond that. */
  forgetOld(transaction: Transaction): Promise<number> {
    return transaction.execute(
      `delete from webhook_events where received_at < now() - interval '30 days' and status in ('handled', 'ignored')`,
    );
  }
}
