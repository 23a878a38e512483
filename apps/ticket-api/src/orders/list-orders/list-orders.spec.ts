import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addPerson } from '../../testing/seed.js';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('listing orders', () => {
  it('my orders come newest first, page by page, whatever is added meanwhile', async () => {
    const reader = await addPerson(office.api.db, 'Rita');
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) made.unshift((await office.place(1, reader)).body.id);
    const first = (await office.api.call('GET', '/orders?limit=2', { as: reader })).body;
    await office.api.call('POST', `/orders/${made[0]}/cancel`, { as: reader });
    await office.place(1, reader);
    const second = (await office.api.call('GET', `/orders?limit=2&cursor=${first.nextCursor}`, { as: reader })).body;
    expect([...first.data, ...second.data].map(({ id }: { id: string }) => id)).toEqual(made);
    expect(second.nextCursor).toBeNull();
  });
});
