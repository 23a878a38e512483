import { Controller, Param } from '@nestjs/common';
import { Acting, principalId, type Principal } from '@app/auth';
import { listBookingsOfUser, type BookingsOfUser } from '@app/contracts';
import { Operation } from '@app/http';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { tenantsOrganizedBy } from '../../organizations/organizations.module.js';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';

/** Bookings of one person that one answer carries at most, newest first. */
const LIMIT = 500;

@Controller()
export class ListBookingsOfUserController {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly view: OrderView,
  ) {}

  /** One's own, at every tenant; or another's, for the events that the caller organizes. */
  @Operation(listBookingsOfUser)
  async list(@Acting() who: Principal, @Param('userId') userId: string): Promise<BookingsOfUser> {
    if (userId === principalId(who)) {
      return this.database.asPerson(userId, async () =>
        this.byEvent(await this.orders.ofBuyer(userId, { before: null, limit: LIMIT })),
      );
    }
    const tenants = await tenantsOrganizedBy(this.database, who);
    if (tenants.length === 0)
      throw new ProblemError('forbidden', "Another person's bookings are for the organizers of their events.");
    const perTenant: BookingsOfUser[] = [];
    for (const tenantId of tenants) {
      perTenant.push(
        await this.database.asTenant(tenantId, async () =>
          this.byEvent(await this.orders.ofBuyer(userId, { before: null, limit: LIMIT })),
        ),
      );
    }
    return { data: perTenant.flatMap((part) => part.data) };
  }

  private async byEvent(rows: OrderRow[]): Promise<BookingsOfUser> {
    const orders = await this.view.of(rows);
    const groups = new Map<string, BookingsOfUser['data'][number]>();
    for (const [index, { event }] of rows.entries()) {
      const group = groups.get(event.id) ?? {
        event: { id: event.id, title: event.title, startsAt: event.startsAt },
        bookings: [],
      };
      groups.set(event.id, group);
      const order = orders[index];
      if (order) group.bookings.push(order);
    }
    return { data: [...groups.values()] };
  }
}
