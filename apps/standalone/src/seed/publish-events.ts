import type { ApiClient } from './api-client.js';
import { events } from './demo.js';

interface EventView {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly ticketTypes: readonly { name: string }[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DOORS = 18;

/** Whether everybody can see all demo events of this organization. */
export async function isOnSale(api: ApiClient, organizationId: string | undefined): Promise<boolean> {
  if (!organizationId) return false;
  const known = await eventsOf(api, organizationId);
  return events.every(({ title }) => known.some((event) => event.title === title && event.status === 'published'));
}

/** Every demo event is on sale afterwards, with its ticket types; one that is over, or was cancelled, is put on again. */
export async function publishedEvents(organizer: ApiClient, organizationId: string): Promise<void> {
  const known = await eventsOf(organizer, organizationId);
  for (const event of events) {
    const found = known.find(({ title }) => title === event.title);
    if (found && found.status !== 'draft') continue;
    await publish(organizer, event, found ?? (await draft(organizer, organizationId, event)));
  }
}

async function eventsOf(api: ApiClient, organizationId: string): Promise<readonly EventView[]> {
  const path = `/events?organizationId=${organizationId}&limit=100`;
  return (await api.call<{ data: readonly EventView[] }>('GET', path, undefined, [200])).body.data;
}

async function draft(organizer: ApiClient, organizationId: string, event: (typeof events)[number]): Promise<EventView> {
  const { title, description, venue, timezone } = event;
  const begins = Math.floor(Date.now() / DAY + event.inDays) * DAY + DOORS * HOUR;
  const [startsAt, endsAt] = [begins, begins + event.hours * HOUR].map((at) => new Date(at).toISOString());
  const asked = { organizationId, title, description, venue, startsAt, endsAt, timezone };
  return (await organizer.call<EventView>('POST', '/events', asked, [201])).body;
}

async function publish(
  organizer: ApiClient,
  event: (typeof events)[number],
  { id, ticketTypes }: EventView,
): Promise<void> {
  for (const type of event.ticketTypes) {
    if (!ticketTypes.some(({ name }) => name === type.name))
      await organizer.call('POST', `/events/${id}/ticket-types`, type, [201]);
  }
  await organizer.call('POST', `/events/${id}/publish`, undefined, [200]);
}
