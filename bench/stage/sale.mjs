import { randomUUID } from 'node:crypto';

const DAY = 86_400_000;

/** What an organizer does before the sale, as any client would. */
export class Sale {
  /** Headers of who sells. */
  organizer = {};

  constructor(url) {
    this.api = `${url}/api/v1`;
  }

  async call(method, path, body) {
    const answer = await fetch(this.api + path, {
      method,
      headers: { 'content-type': 'application/json', ...this.organizer },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  /** @returns ids of a published event and its one ticket type; @param amount of one ticket, in cents */
  async event(capacity, amount = 4500) {
    const founding = { name: 'Bench', slug: `bench-${randomUUID()}` };
    this.organization ??= await this.call('POST', '/organizations', founding);
    const event = await this.call('POST', '/events', {
      organizationId: this.organization.id,
      title: 'The rush',
      venue: { name: 'Hall', city: 'Paris' },
      startsAt: new Date(Date.now() + 30 * DAY).toISOString(),
      endsAt: new Date(Date.now() + 31 * DAY).toISOString(),
      timezone: 'Europe/Paris',
    });
    const type = { name: 'Standing', price: { amount, currency: 'EUR' }, capacity, maxPerOrder: 10 };
    const { id: typeId } = await this.call('POST', `/events/${event.id}/ticket-types`, type);
    await this.call('POST', `/events/${event.id}/publish`);
    return { tenantId: this.organization.id, eventId: event.id, typeId };
  }
}
