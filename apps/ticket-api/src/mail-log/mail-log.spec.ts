import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ApiKey, Identity } from '@app/auth';
import { FindMailLog, type MailLog } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets } from '../testing/seed.js';
import { MailLogModule } from './mail-log.module.js';

let mails: MailLog['mails'] = [];
let isAway = false;
const asked: FindMailLog[] = [];
/** Answers as notification-service does. */
const peer: Server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const wanted = FindMailLog.parse(JSON.parse(body));
    asked.push(wanted);
    const from = wanted.before === null ? 0 : mails.findIndex(({ id }) => id === wanted.before) + 1;
    response.writeHead(isAway ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ mails: mails.slice(from, from + wanted.limit) }));
  });
});

let api: TicketApi;
let buyer: Identity;
let organizer: Identity;
let tenantId: string;
let orderId: string;
let eventId: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  const notificationServiceInternalUrl = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
  const operations = ['listMailsOfOrder', 'listMailsOfEvent'];
  api = await openTicketApi([AuthorizationModule, MailLogModule], operations, { notificationServiceInternalUrl });
  [buyer, organizer] = [await addPerson(api.db, 'Zoë'), await addPerson(api.db, 'Olga')];
  tenantId = await addOrganization(api.db, { organizer });
  const event = await addEvent(api.db, tenantId);
  eventId = event.eventId;
  ({ orderId } = await addTickets(api.db, event, buyer));
  const at = '2026-11-22T12:00:00.000Z';
  const mail = (userId: string | null, recipient: string) => ({
    ...{ id: uuid(), kind: 'order-confirmed', recipient, userId, orderId, status: 'sent' as const, attempts: 1 },
    ...{ error: null, createdAt: at, sentAt: at, nextAttemptAt: null },
  });
  mails = [mail(buyer.userId, 'zoe@example.com'), mail(null, 'old@example.com'), mail(uuid(), 'eve@example.com')];
});
afterAll(async () => {
  await api?.close();
  peer.close();
});

const read = (path: string, as: Identity | ApiKey) => api.call('GET', path, { as });
const recipients = async (path: string, as: Identity | ApiKey) =>
  (await read(path, as)).body.data.map(({ recipient }: { recipient: string }) => recipient);

it('shows an address whole to the person whose it is, and to nobody else', async () => {
  const path = `/orders/${orderId}/mails`;
  expect(await recipients(path, buyer)).toEqual(['zoe@example.com', 'o***@example.com', 'e***@example.com']);
  const masked = ['z***@example.com', 'o***@example.com', 'e***@example.com'];
  expect(await recipients(path, organizer)).toEqual(masked);
  const key: ApiKey = { keyId: uuid(), tenantId, name: 'Shop', scopes: ['orders:read'] };
  expect(await recipients(path, key)).toEqual(masked);
  expect(await recipients(`/events/${eventId}/mails`, organizer)).toEqual(masked);
  expect((await read(path, buyer)).body.data[0]).not.toHaveProperty('userId');
  expect(asked.at(-1)).toEqual({ tenantId, about: { kind: 'order', id: orderId }, before: null, limit: 21 });
});

it('is read page by page, also of one standing', async () => {
  const first = await read(`/events/${eventId}/mails?limit=2&status=sent`, organizer);
  expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual([mails[0]!.id, mails[1]!.id]);
  expect(asked.at(-1)).toMatchObject({ about: { kind: 'event', id: eventId }, status: 'sent', limit: 3 });
  const second = await read(`/events/${eventId}/mails?limit=2&cursor=${first.body.nextCursor}`, organizer);
  expect(second.body).toMatchObject({ data: [{ id: mails[2]!.id }], nextCursor: null });
  expect((await read(`/events/${eventId}/mails?status=eaten`, organizer)).status).toBe(422);
  expect((await read(`/events/${eventId}/mails?cursor=nonsense`, organizer)).status).toBe(422);
});

it('is told to nobody else', async () => {
  const stranger = await addPerson(api.db);
  expect((await read(`/orders/${orderId}/mails`, stranger)).status).toBe(404);
  expect((await read(`/events/${eventId}/mails`, buyer)).status).toBe(403);
});

it('says 503 while notification-service is away', async () => {
  isAway = true;
  const answer = await read(`/orders/${orderId}/mails`, buyer);
  expect([answer.status, answer.body.code]).toEqual([503, 'service-unavailable']);
  isAway = false;
});
