import type { Client } from './client.js';
import { person, type Person } from './people.js';
import type { Platform } from '@app/testing';

export interface Sale {
  organizer: Person;
  organizationId: string;
  eventId: string;
  typeId: string;
}

const DAY = 86_400_000;
let slugs = 0;

/** An organizer with a published event that sells one ticket type. */
export async function sale(platform: Platform, type: Record<string, unknown> = {}, organizer?: Person): Promise<Sale> {
  const who = organizer ?? (await person(platform, 'Olga Organizer'));
  slugs += 1;
  const organization = await expecting(201, who.client, 'POST', '/organizations', {
    name: 'Green Hall',
    slug: `green-hall-${slugs}-${Date.now().toString(36)}`,
  });
  const event = await expecting(201, who.client, 'POST', '/events', {
    organizationId: organization.id,
    title: 'Łódź Jazz Night',
    venue: { name: 'Green Hall', city: 'Łódź', country: 'Poland' },
    startsAt: new Date(Date.now() + 30 * DAY).toISOString(),
    endsAt: new Date(Date.now() + 30 * DAY + 10_800_000).toISOString(),
    timezone: 'Europe/Warsaw',
  });
  const ticketType = await expecting(201, who.client, 'POST', `/events/${event.id}/ticket-types`, {
    name: 'Standing',
    price: { amount: 4500, currency: 'EUR' },
    capacity: 100,
    ...type,
  });
  await expecting(200, who.client, 'POST', `/events/${event.id}/publish`);
  return { organizer: who, organizationId: organization.id, eventId: event.id, typeId: ticketType.id };
}

/** The body of an answer that must have this status. */
export async function expecting(
  status: number,
  client: Client,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<any> {
  const answer = await client.send(method, path, body, headers);
  if (answer.status !== status)
    throw new Error(`${method} ${path}: ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const placeOrder = (buyer: Person, { eventId, typeId }: Sale, quantity = 1, headers?: Record<string, string>) =>
  expecting(201, buyer.client, 'POST', '/orders', { eventId, items: [{ ticketTypeId: typeId, quantity }] }, headers);

export const available = async (client: Client, { eventId, typeId }: Sale): Promise<number> => {
  const { ticketTypes } = await expecting(200, client, 'GET', `/events/${eventId}/availability`);
  return ticketTypes.find((type: { id: string }) => type.id === typeId).available;
};
