import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommitCable } from '../../testing/commit-cable.js';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
let cable: CommitCable;
beforeAll(async () => {
  office = await BoxOffice.open(async (databaseUrl) => {
    const through = await CommitCable.to(databaseUrl);
    cable = through.cable;
    return { databaseUrl: through.url };
  });
});
afterAll(async () => {
  await office?.close();
  cable?.remove();
});
beforeEach(() => office.announce());

describe('hard case 19: the database goes away while an order is committed', () => {
  it.each(['before', 'after'] as const)(
    '(%s it was done) the answer is 503, and the same key asks again: there is one order',
    async (when) => {
      const key = `lost-${when}`;
      const place = () => office.place(2, office.people.buyer, { 'idempotency-key': key });
      cable.cutOnce(when, key);
      const lost = await place();
      expect(cable.hasCut).toBe(true);
      expect(lost).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
      expect(lost.headers.get('retry-after')).toBeTruthy();
      expect(await office.taken()).toBe(when === 'after' ? '2' : '0');

      const again = await place();
      expect(again.status).toBe(201);
      expect(again.headers.get('idempotent-replayed')).toBe(when === 'after' ? 'true' : null);
      expect((await place()).body.id).toBe(again.body.id);
      expect(await office.taken()).toBe('2');
      expect(await office.told('order.reserved.v1', again.body.id)).toHaveLength(1);
      await office.invariants();
    },
  );
});
