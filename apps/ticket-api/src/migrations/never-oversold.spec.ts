import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { addEvent, addOrganization, type SeededEvent } from '../testing/seed.js';
import { migrations } from './index.js';

let db: TestDatabase;
let event: SeededEvent;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'never_oversold');
  event = await addEvent(db, await addOrganization(db, {}), { capacity: 10 });
});
afterAll(() => db?.drop());

/** As the service's own login, whatever its code has counted. */
const set = (change: string) =>
  db.database.asTenant(event.tenantId, (transaction) =>
    transaction.execute(`update stock_counters set ${change} where id = $1`, [event.counterId]),
  );

describe('the stock of a ticket type', () => {
  it('can be taken to the last ticket', async () => {
    expect(await set('taken = 10')).toBe(1);
  });

  it.each([
    ['more is taken than there is', 'taken = capacity + 1'],
    ['less is there than was taken', 'capacity = taken - 1'],
    ['more came back than was taken', 'taken = -1'],
  ])('is refused by the database when %s', async (_, change) => {
    await expect(set(change)).rejects.toThrow('never_oversold');
  });
});
