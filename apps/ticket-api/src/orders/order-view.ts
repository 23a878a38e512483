import { Inject, Injectable } from '@nestjs/common';
import type { Order, Ticket } from '@app/contracts';
import { Database } from '@app/persistence';
import { CONFIG, type Config } from '../config.js';
import { TICKET_COLUMNS, toTicket, type TicketRow } from '../tickets/tickets.module.js';
import { checkoutLink } from './checkout-link.js';
import { toLines, type OrderRow } from './order-row.js';
import { RefundStore } from './refund.store.js';

/** Orders as clients see them. */
@Injectable()
export class OrderView {
  constructor(
    private readonly database: Database,
    private readonly refunds: RefundStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** With the tickets of all of them read at once, through the door that is open. */
  async of(orders: readonly OrderRow[]): Promise<Order[]> {
    const ids = orders.filter((order) => order.confirmedHow !== null).map((order) => order.id);
    const rows =
      ids.length === 0
        ? []
        : await this.database
            .current()
            .query<TicketRow>(
              `select ${TICKET_COLUMNS} from tickets t join users holder on holder.id = t.holder_id where t.order_id = any($1) order by t.id`,
              [ids],
            );
    const tickets = new Map<string, Ticket[]>();
    for (const row of rows) tickets.set(row.order_id, [...(tickets.get(row.order_id) ?? []), toTicket(row)]);
    return orders.map((order) => this.toOrder(order, tickets.get(order.id) ?? []));
  }

  async ofOne(order: OrderRow): Promise<Order> {
    const [view] = await this.of([order]);
    return view as Order;
  }

  /** With what organizers gave back against the rule, which is their business alone. */
  async forOrganizer(order: OrderRow): Promise<Order> {
    const [view, overrides] = [await this.ofOne(order), await this.refunds.overridesOf(order.id)];
    const refundOverrides = overrides.map(({ refundId, amount, ticketIds, reason, userId, name, at }) => ({
      ...{ refundId, ticketIds: ticketIds ?? [], reason, by: { id: userId, name } },
      amount: { amount, currency: order.total.currency },
      createdAt: at.toISOString(),
    }));
    return { ...view, refundOverrides };
  }

  toOrder(order: OrderRow, tickets: Ticket[]): Order {
    const { currency } = order.total;
    const pending = order.status === 'pending';
    return {
      id: order.id,
      userId: order.buyer.id,
      eventId: order.event.id,
      status: order.status,
      ...(order.reason && { reason: order.reason }),
      items: toLines(order),
      total: order.total,
      refunded: { amount: order.refunded, currency },
      refundPending: { amount: order.refundPending, currency },
      expiresAt: pending ? order.expiresAt.toISOString() : null,
      checkoutUrl: pending
        ? checkoutLink(order.id, { publicUrl: this.config.publicUrl, secret: this.config.checkoutLinkSecret })
        : null,
      createdAt: order.createdAt.toISOString(),
      updatedAt: order.updatedAt.toISOString(),
      tickets,
    };
  }
}
