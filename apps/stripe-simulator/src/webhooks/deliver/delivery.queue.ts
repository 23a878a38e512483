import { EventEmitter } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { AccountDatabase } from '../../database/account-database.js';
import type { EventRow } from '../event.js';
import { delayAfter, GIVE_UP_AFTER_SECONDS } from './retry-schedule.js';

export interface ClaimedDelivery extends EventRow {
  /** This one included. */
  attempts: number;
}

/** Longer than an attempt may take: after it, a delivery whose process died is anybody's again. */
const CLAIM_SECONDS = 15;

/** Webhooks that wait, in PostgreSQL: what was committed is delivered, whatever dies in between. */
@Injectable()
export class DeliveryQueue {
  private readonly arrivals = new EventEmitter();

  constructor(@Inject(AccountDatabase) private readonly database: AccountDatabase) {}

  async add(transaction: Transaction, event: string): Promise<void> {
    await transaction.execute('insert into webhook_delivery (event) values ($1)', [event]);
    transaction.afterCommit(() => this.arrivals.emit('arrival'));
  }

  /** Calls back when this process has committed a delivery. Those of others are found by looking. */
  onArrival(listener: () => void): void {
    this.arrivals.on('arrival', listener);
  }

  /** Takes up to `limit` due deliveries, oldest first, past those that others are taking. */
  claim(limit: number): Promise<ClaimedDelivery[]> {
    return this.database.transaction((transaction) =>
      transaction.query<ClaimedDelivery>(CLAIM, [limit, CLAIM_SECONDS]),
    );
  }

  /** Undefined when none waits. */
  async secondsToNextDue(): Promise<number | undefined> {
    const [next] = await this.database.transaction((transaction) =>
      transaction.query<{ seconds: number | null }>(NEXT_DUE),
    );
    return next?.seconds ?? undefined;
  }

  delivered(event: string): Promise<void> {
    return this.execute(DELIVERED, [event]);
  }

  /** Plans the next attempt, or gives up three days after the event. */
  failed({ id, attempts }: ClaimedDelivery, failure: string): Promise<void> {
    return this.execute(FAILED, [id, failure.slice(0, 500), delayAfter(attempts), GIVE_UP_AFTER_SECONDS]);
  }

  /** Due again at once: this process will not finish it. */
  release(event: string): Promise<void> {
    return this.execute(`${RELEASE} and event = $1`, [event]);
  }

  /** Due again at once: whatever a process that died had taken. */
  releaseAll(): Promise<void> {
    return this.execute(RELEASE, []);
  }

  private async execute(sql: string, parameters: unknown[]): Promise<void> {
    await this.database.transaction((transaction) => transaction.execute(sql, parameters));
  }
}

const CLAIM = `
  with due as (
    select event from webhook_delivery
    where state = 'pending' and due_at <= now() and (claimed_until is null or claimed_until <= now())
    order by due_at limit $1
    for update skip locked
  ), claimed as (
    update webhook_delivery d
    set attempts = d.attempts + 1, claimed_until = now() + make_interval(secs => $2)
    from due where d.event = due.event
    returning d.event, d.attempts
  )
  select event.*, claimed.attempts from claimed join event on event.id = claimed.event order by event.seq`;

const NEXT_DUE = `
  select extract(epoch from min(greatest(due_at, claimed_until)) - now())::float8 as seconds
  from webhook_delivery where state = 'pending'`;

const DELIVERED = `
  update webhook_delivery set state = 'delivered', claimed_until = null, last_failure = null where event = $1`;

const FAILED = `
  update webhook_delivery d
  set claimed_until = null, last_failure = $2, due_at = now() + make_interval(secs => $3),
      state = case when unix_now() + $3 > event.created + $4 then 'abandoned' else 'pending' end
  from event where event.id = d.event and d.event = $1`;

const RELEASE = `
  update webhook_delivery set claimed_until = null, due_at = now()
  where state = 'pending' and claimed_until is not null`;
