import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { Counter } from './allocation.js';

/** Units by counter. */
export type Units = ReadonlyMap<string, number>;

/**
 * The only place where stock moves. Counters are locked in the order of their ids, so that two transactions cannot wait
 * for each other; orders are locked before counters.
 */
@Injectable()
export class StockStore {
  constructor(private readonly database: Database) {}

  /**
   * Locks an event's counters and reads them. FOR NO KEY UPDATE: with FOR UPDATE, inserts that refer to a counter would
   * wait. A statement of its own, so that the next one sees what was committed while it waited.
   */
  lockCounters(eventId: string): Promise<Counter[]> {
    return this.database
      .current()
      .query<Counter>(
        'select id, capacity, taken from stock_counters where event_id = $1 order by id for no key update',
        [eventId],
        'lock-counters',
      );
  }

  async take(units: Units): Promise<void> {
    await this.move(units, 1);
  }

  /** Takes if everything fits, else nothing. */
  async takeIfFree(eventId: string, units: Units): Promise<boolean> {
    const free = new Map(
      (await this.lockCounters(eventId)).map((counter) => [counter.id, counter.capacity - counter.taken]),
    );
    if ([...units].some(([id, wanted]) => wanted > (free.get(id) ?? 0))) return false;
    await this.take(units);
    return true;
  }

  /** Gives stock back; the last statement of its transaction, because every buyer waits for these rows. */
  async release(units: Units): Promise<void> {
    if (units.size > 1) {
      await this.database
        .current()
        .query('select from stock_counters where id = any($1) order by id for no key update', [[...units.keys()]]);
    }
    await this.move(units, -1);
  }

  private async move(units: Units, sign: 1 | -1): Promise<void> {
    const ids = [...units.keys()];
    const moved = await this.database.current().execute(
      `update stock_counters set taken = taken + moved.units
       from unnest($1::uuid[], $2::bigint[]) as moved (id, units) where stock_counters.id = moved.id`,
      [ids, ids.map((id) => sign * (units.get(id) ?? 0))],
    );
    if (moved !== ids.length) throw new Error(`Stock moved on ${moved} of ${ids.length} counters.`);
  }
}

/** Adds up units by counter. */
export function unitsOf(items: readonly { counterId: string; quantity: number }[]): Units {
  const units = new Map<string, number>();
  for (const { counterId, quantity } of items)
    if (quantity > 0) units.set(counterId, (units.get(counterId) ?? 0) + quantity);
  return units;
}
