import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { startPgbouncer, type Pgbouncer } from '@app/testing';
import { CatalogueModule } from '../../catalogue/catalogue.module.js';
import { openTicketApi, type TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, type SeededEvent } from '../../testing/seed.js';
import { OrdersModule } from '../orders.module.js';

/** Fewer than those who work at once, so that every connection is everybody's in turn. */
const CONNECTIONS = 2;

let api: TicketApi;
let pgbouncer: Pgbouncer;
let houses: { owner: Identity; buyer: Identity; event: SeededEvent }[];
beforeAll(async () => {
  api = await openTicketApi(
    [OrdersModule, CatalogueModule],
    ['catalogue', 'orders', 'bookings', 'reserveTickets', 'purchaseTickets', 'returnTicket', 'countAvailable'],
    async (url) => {
      pgbouncer = await startPgbouncer(url, CONNECTIONS);
      return { databaseUrl: pgbouncer.url, namedStatements: false, maxHoldsPerBuyer: 0 };
    },
  );
  houses = await Promise.all(
    [1, 2].map(async () => {
      const [owner, buyer] = [await addPerson(api.db), await addPerson(api.db)];
      return { owner, buyer, event: await addEvent(api.db, await addOrganization(api.db, { owner })) };
    }),
  );
});
afterAll(async () => {
  await api?.close();
  await pgbouncer?.stop();
});

describe('behind pgbouncer in transaction mode', () => {
  it('two organizations sell and read side by side, and neither sees a row of the other', async () => {
    const rounds = Array.from({ length: 20 }, () => houses).flat();
    await Promise.all(
      rounds.map(async ({ owner, buyer, event }) => {
        const items = [{ ticketTypeId: event.typeId, quantity: 1 }];
        const placed = await api.call('POST', '/orders', { as: buyer, body: { eventId: event.eventId, items } });
        expect(placed.status).toBe(201);
        const mine = await api.call('GET', '/orders?limit=100', { as: buyer });
        expect(new Set(mine.body.data.map((order: any) => order.eventId))).toEqual(new Set([event.eventId]));
        expect((await api.call('GET', `/orders/${placed.body.id}`, { as: owner })).status).toBe(200);
        const other = houses.find((house) => house.event !== event)!;
        expect((await api.call('GET', `/orders/${placed.body.id}`, { as: other.owner })).status).toBe(404);
        const cancelled = await api.call('POST', `/orders/${placed.body.id}/cancel`, { as: buyer });
        expect(cancelled.status).toBe(200);
      }),
    );
    for (const { event } of houses) {
      const { body } = await api.call('GET', `/events/${event.eventId}/availability`);
      expect(body.ticketTypes[0].available).toBe(100);
    }
  });
});
