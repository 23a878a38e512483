import { Injectable } from '@nestjs/common';
import { principalId, type Principal } from '@app/auth';
import type { PageQuery } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { tenantsOrganizedBy } from '../../organizations/organizations.module.js';
import { readTickets, toPage, type TicketFilter, type TicketPage } from './ticket-page.js';

/** Tickets that a person holds, and those that organizers may see. */
@Injectable()
export class ListTickets {
  constructor(
    private readonly database: Database,
    private readonly access: ResourceAccess,
  ) {}

  /** One's own at every tenant. The person's door also shows tickets that one bought and handed on: those are filtered out. */
  mine(callerId: string, query: PageQuery, filter: Pick<TicketFilter, 'eventId'> = {}): Promise<TicketPage> {
    return this.database.asPerson(callerId, async (transaction) =>
      toPage(await readTickets(transaction, { ...filter, holderId: callerId }, query), query.limit),
    );
  }

  ofTenant(tenantId: string, filter: TicketFilter, query: PageQuery): Promise<TicketPage> {
    return this.database.asTenant(tenantId, async (transaction) =>
      toPage(await readTickets(transaction, filter, query), query.limit),
    );
  }

  /** One's own, or those for events that the caller organizes. @throws 403 for who organizes nothing. */
  async ofUser(who: Principal, userId: string, query: PageQuery): Promise<TicketPage> {
    if (userId === principalId(who)) return this.mine(userId, query);
    const tenants = await tenantsOrganizedBy(this.database, who);
    if (tenants.length === 0)
      throw new ProblemError('forbidden', "Another person's tickets are for the organizers of their events.");
    const found = [];
    for (const tenantId of tenants)
      found.push(
        ...(await this.database.asTenant(tenantId, (transaction) =>
          readTickets(transaction, { holderId: userId }, query),
        )),
      );
    return toPage(
      found.sort((a, b) => (a.id < b.id ? 1 : -1)),
      query.limit,
    );
  }

  /** @throws 404 for an event that the caller cannot see, 403 for another person's tickets of an event of others. */
  async ofUserAndEvent(who: Principal, userId: string, eventId: string, query: PageQuery): Promise<TicketPage> {
    if (userId !== principalId(who)) {
      const { tenantId } = await this.access.require('event', eventId, who, ['organizer', 'owner'], {
        evenSuspended: true,
      });
      return this.ofTenant(tenantId, { holderId: userId, eventId }, query);
    }
    const mine = await this.mine(userId, query, { eventId });
    // Whoever has tickets may know of the event, also of one that is hidden by now.
    if (mine.data.length > 0) return mine;
    const event = await this.access.locate('event', eventId, userId);
    if (!event?.isPublic && !event?.role) throw notFound('The event');
    return mine;
  }
}
