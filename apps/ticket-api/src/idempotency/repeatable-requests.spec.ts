import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { BoxOffice } from '../orders/testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('repeated requests', () => {
  it('every call that honours Idempotency-Key knows its own key again and refuses another request with it', async () => {
    const { body } = await office.place(1, office.people.buyer, { 'idempotency-key': 'used' });
    const confirmed = (await office.place(1)).body.id;
    await office.hear(() => office.paid(confirmed));
    const [ticket] = (await office.read(confirmed)).tickets;
    const calls: [method: string, path: string, as: Identity, sent?: unknown][] = [
      ['POST', '/orders', office.people.buyer, office.wish(2)],
      ['POST', '/tickets/reserve', office.people.buyer, office.wish()],
      ['POST', '/mgmt/bookings', office.people.buyer, office.wish()],
      ['POST', '/tickets/purchase', office.people.buyer, office.wish()],
      ['POST', '/tickets/purchase', office.people.buyer, { orderId: body.id }],
      ['POST', `/orders/${body.id}/cancel`, office.people.buyer],
      ['PUT', `/mgmt/bookings/${body.id}/cancel`, office.people.buyer],
      ['POST', `/orders/${confirmed}/refund`, office.people.buyer],
      ['PUT', `/mgmt/bookings/${confirmed}/refund`, office.people.buyer],
      ['DELETE', `/tickets/${ticket.id}`, office.people.buyer],
    ];
    for (const [method, path, as, sent] of calls)
      expect(
        await office.api.call(method, path, { as, body: sent, headers: { 'idempotency-key': 'used' } }),
      ).toMatchObject({
        status: 422,
        body: { code: 'idempotency-key-reused' },
      });
    const again = async (method: string, path: string, as: Identity, sent?: unknown) => {
      const request = { as, body: sent, headers: { 'idempotency-key': `${method} ${path}` } };
      const [first, second] = [
        await office.api.call(method, path, request),
        await office.api.call(method, path, request),
      ];
      expect([first.status < 300, second.status === first.status, second.headers.get('idempotent-replayed')]).toEqual([
        true,
        true,
        'true',
      ]);
      expect(JSON.stringify(second.body)).toBe(JSON.stringify(first.body));
    };
    await again('POST', '/tickets/purchase', office.people.buyer, { orderId: body.id });
    await again('DELETE', `/tickets/${ticket.id}`, office.people.buyer);
    await again('PUT', `/mgmt/bookings/${body.id}/confirm`, office.people.organizer);
    await again('POST', `/events/${office.eventId}/cancel`, office.people.organizer);
  });
});
