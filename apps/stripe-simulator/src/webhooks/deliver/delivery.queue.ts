import { EventEmitter } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { AccountDatabase } from '../../database/account-database.js';
import type { EventRow } from '../event.js';
import type { DeliveryFate } from '../misdeliver/misdelivery.js';
import { delayAfter, GIVE_UP_AFTER_SECONDS } from './retry-schedule.js';

export interface ClaimedDelivery extends EventRow {
  /** This one included. */
  attempts: number;
  /** How many times each attempt sends it. */
  copies: number;
}

/** `dropped`: it is sent only when somebody has it sent again. */
export const DELIVERY_STATES = ['pending', 'delivered', 'abandoned', 'dropped'] as const;
type DeliveryState = (typeof DELIVERY_STATES)[number];

interface ToldDelivery {
  event: string;
  type: string;
  state: DeliveryState;
  attempts: number;
  copies: number;
  lastFailure: string | null;
}

/** Longer than an attempt may take: after it, a delivery whose process died is anybody's again. */
const CLAIM_SECONDS = 15;

/** Webhooks that wait, in PostgreSQL: what was committed is delivered, whatever dies in between. */
@Injectable()
export class DeliveryQueue {
  private readonly arrivals = new EventEmitter();

  constructor(@Inject(AccountDatabase) private readonly database: AccountDatabase) {}

  async add(transaction: Transaction, event: string, { state, copies, delay }: DeliveryFate): Promise<void> {
    await transaction.execute(ADD, [event, state, copies, delay]);
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

  /** Everything that was dropped is due now. Returns how many that are. */
  sendDropped(): Promise<number> {
    return this.send(`${SEND} where state = 'dropped'`, []);
  }

  /** Due now, whatever became of them before. Returns how many that are. */
  sendAgain(events: string[]): Promise<number> {
    return this.send(`${SEND} where event = any($1)`, [events]);
  }

  async unknownAmong(events: string[]): Promise<string[]> {
    const unknown = await this.database.transaction((transaction) =>
      transaction.query<{ id: string }>(UNKNOWN, [events]),
    );
    return unknown.map(({ id }) => id);
  }

  /** How many are in each state. */
  async counts(): Promise<Record<DeliveryState, number>> {
    const rows = await this.database.transaction((transaction) =>
      transaction.query<{ state: DeliveryState; count: number }>(
        'select state, count(*) from webhook_delivery group by state',
      ),
    );
    const none = { pending: 0, delivered: 0, abandoned: 0, dropped: 0 };
    return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
  }

  newest(limit: number, state?: DeliveryState): Promise<ToldDelivery[]> {
    return this.database.transaction((transaction) => transaction.query<ToldDelivery>(NEWEST, [limit, state ?? null]));
  }

  private send(sql: string, parameters: unknown[]): Promise<number> {
    return this.database.transaction(async (transaction) => {
      transaction.afterCommit(() => this.arrivals.emit('arrival'));
      return transaction.execute(sql, parameters);
    });
  }

  private async execute(sql: string, parameters: unknown[]): Promise<void> {
    await this.database.transaction((transaction) => transaction.execute(sql, parameters));
  }
}

const ADD = `
  insert into webhook_delivery (event, state, copies, due_at)
  values ($1, $2, $3, now() + make_interval(secs => $4))`;

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
    returning d.event, d.attempts, d.copies, d.due_at
  )
  select event.*, claimed.attempts, claimed.copies
  from claimed join event on event.id = claimed.event order by claimed.due_at, event.seq`;

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

const SEND = `update webhook_delivery set state = 'pending', claimed_until = null, due_at = now()`;

const UNKNOWN = 'select id from unnest($1::text[]) as given(id) where id not in (select id from event)';

const NEWEST = `
  select d.event, event.type, d.state, d.attempts, d.copies, d.last_failure as "lastFailure"
  from webhook_delivery d join event on event.id = d.event
  where $2::text is null or d.state = $2 order by event.seq desc limit $1`;

const RELEASE = `
  update webhook_delivery set claimed_until = null, due_at = now()
  where state = 'pending' and claimed_until is not null`;
