import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { meanwhile } from '../testing/meanwhile.js';
import { untilWaiting } from '../testing/until-waiting.js';
import { StockStore } from './stock.store.js';
import { BoxOffice } from './testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const stock = () => office.get(StockStore);

/** Two counters of the event, of which one is taken; the later one stands first on the disk. */
async function twoCounters(): Promise<{ earlier: string; later: string }> {
  const [earlier, later] = [uuid(), uuid()];
  for (const id of [later, earlier])
    await office.api.db.asOwner(
      'insert into stock_counters (id, tenant_id, event_id, capacity, taken) values ($1, $2, $3, 10, 1)',
      [id, office.tenantId, office.eventId],
    );
  return { earlier, later };
}

describe('stock', () => {
  it('moves on all counters that are named, or on none', async () => {
    const { earlier } = await twoCounters();
    const units = new Map([
      [earlier, 1],
      [uuid(), 1],
    ]);
    await expect(office.hear(() => stock().take(units))).rejects.toThrow('1 of 2 counters');
    expect(await office.taken()).toBe('2');
  });

  it('comes back in the order of the counters, whatever order they are named in: nobody waits crosswise', async () => {
    const { earlier, later } = await twoCounters();
    const lock = 'select from stock_counters where id = $1 for no key update';
    await meanwhile(office.api.db, [[lock, [earlier]]], async (other) => {
      const released = office.hear(() =>
        stock().release(
          new Map([
            [later, 1],
            [earlier, 1],
          ]),
        ),
      );
      await untilWaiting(office.api.db, 1);
      await other.query(`${lock} nowait`, [later]);
      await other.query('commit');
      await released;
    });
    expect(await office.taken()).toBe('0');
  });
});
