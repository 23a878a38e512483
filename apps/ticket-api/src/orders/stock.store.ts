import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { SoldOut } from '../sold-out/sold-out.module.js';
import { freeOf, type Counter } from './allocation.js';

/** Units by counter. */
export type Units = ReadonlyMap<string, number>;

/**
 * The only place where stock moves. Counters are locked in the order of their ids, so that two transactions cannot wait
 * for each other; orders are locked before counters.
 */
@Injectable()
export class StockStore {
  constructor(
    private readonly database: Database,
    private readonly soldOut: SoldOut,
  ) {}

  /**
   * Locks an event's counters and reads them. FOR NO KEY UPDATE: with FOR UPDATE, inserts that refer to a counter would
   * wait. A statement of its own, so that the next one sees what was committed while it waited.
   */
  lockCounters(eventId: string): Promise<Counter[]> {
    return this.database
      .current()
      .query<Counter>(
        'select id, capacity, taken, awaited from stock_counters where event_id = $1 order by id for no key update',
        [eventId],
        'lock-counters',
      );
  }

  /** Locks the counters of several events, so that what then locks those of one after the other waits for nobody. */
  async lockCountersOf(eventIds: readonly string[]): Promise<void> {
    await this.database
      .current()
      .query('select from stock_counters where event_id = any($1) order by id for no key update', [eventIds]);
  }

  async take(units: Units): Promise<void> {
    await this.move(units, 1);
  }

  /** Takes if everything fits beside what people wait for, else nothing. */
  async takeIfFree(eventId: string, units: Units): Promise<boolean> {
    const free = new Map((await this.lockCounters(eventId)).map((counter) => [counter.id, freeOf(counter)]));
    if ([...units].some(([id, wanted]) => wanted > (free.get(id) ?? 0))) return false;
    await this.take(units);
    return true;
  }

  /** One unit that nobody holds, whoever waits for it. @returns false when there is none */
  async takeOne(counterId: string): Promise<boolean> {
    const sql = 'update stock_counters set taken = taken + 1 where id = $1 and taken < capacity';
    return (await this.database.current().execute(sql, [counterId])) === 1;
  }

  /** More or fewer units are waited for; the event's counters are locked. */
  async await(eventId: string, units: Units): Promise<void> {
    if (units.size === 0) return;
    await this.database.current().execute(
      `update stock_counters set awaited = awaited + moved.units
       from unnest($1::uuid[], $2::bigint[]) as moved (id, units) where stock_counters.id = moved.id`,
      [[...units.keys()], [...units.values()]],
    );
    this.soldOut.changed(eventId);
  }

  /** Gives stock back; the last statement of its transaction, because every buyer waits for these rows. */
  async release(units: Units): Promise<void> {
    if (units.size > 1) {
      await this.database
        .current()
        .query('select from stock_counters where id = any($1) order by id for no key update', [[...units.keys()]]);
    }
    for (const eventId of await this.move(units, -1)) this.soldOut.changed(eventId);
  }

  /** @returns the events whose stock it is */
  private async move(units: Units, sign: 1 | -1): Promise<Set<string>> {
    const ids = [...units.keys()];
    const moved = await this.database.current().query<{ event_id: string }>(
      `update stock_counters set taken = taken + moved.units
       from unnest($1::uuid[], $2::bigint[]) as moved (id, units) where stock_counters.id = moved.id
       returning stock_counters.event_id`,
      [ids, ids.map((id) => sign * (units.get(id) ?? 0))],
      'move-stock',
    );
    if (moved.length !== ids.length) throw new Error(`Stock moved on ${moved.length} of ${ids.length} counters.`);
    return new Set(moved.map(({ event_id: eventId }) => eventId));
  }
}

/** Adds up units by counter. */
export function unitsOf(items: readonly { counterId: string; quantity: number }[]): Units {
  const units = new Map<string, number>();
  for (const { counterId, quantity } of items)
    if (quantity > 0) units.set(counterId, (units.get(counterId) ?? 0) + quantity);
  return units;
}
