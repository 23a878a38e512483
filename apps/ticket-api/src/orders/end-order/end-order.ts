import { Injectable } from '@nestjs/common';
import { orderCancelled, orderExpired, orderRefundRequested, ticketTakenBack, type EndReason } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { v7 as uuid } from 'uuid';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import type { RefundableTicket } from '../refund.js';
import { RefundStore, type Override } from '../refund.store.js';
import { StockStore, unitsOf } from '../stock.store.js';
import { TicketStore } from '../ticket.store.js';

/** A hold that ends, and the ids that what follows from it is to bear, if it is one of a group of messages. */
export interface EndingHold {
  order: OrderRow;
  reason: EndReason;
  correlationId?: string;
  traceparent?: string;
}

interface GivenBack {
  /** Minor units. */
  amount: number;
  /** Whether nothing is left of the order. */
  whole: boolean;
  reason: EndReason;
  override?: Override;
}

/** Tickets of a confirmed order that are given back. */
export interface Returned {
  order: OrderRow;
  /** Those that become void. */
  tickets: readonly RefundableTicket[];
  /** Those that were used and stay so; only their price goes back. */
  kept: readonly RefundableTicket[];
  given: GivenBack;
}

/** The ways in which an order gives its stock back. The order is locked; the stock moves last in the open transaction. */
@Injectable()
export class EndOrder {
  constructor(
    private readonly orders: OrderStore,
    private readonly refunds: RefundStore,
    private readonly tickets: TicketStore,
    private readonly stock: StockStore,
    private readonly outbox: Outbox,
  ) {}

  /** A hold ends: its stock is back when the transaction commits. */
  letGo(order: OrderRow, status: 'expired' | 'cancelled', reason: EndReason): Promise<void> {
    return this.letGoAll([{ order, reason }], status);
  }

  /** Holds of one tenant end together: four statements, however many they are. */
  async letGoAll(holds: readonly EndingHold[], status: 'expired' | 'cancelled'): Promise<void> {
    if (holds.length === 0) return;
    await this.orders.endAll(
      holds.map(({ order: { id }, reason }) => ({ id, reason })),
      'pending',
      status,
    );
    await this.outbox.addAll(
      status === 'expired' ? orderExpired : orderCancelled,
      holds.map(({ order: { id, tenantId, event, buyer }, reason, correlationId, traceparent }) => ({
        tenantId,
        data: { orderId: id, event, buyer, reason },
        correlationId,
        traceparent,
      })),
    );
    await this.stock.release(unitsOf(holds.flatMap(({ order: { items } }) => items)));
  }

  /** A confirmed order for which we took no money is undone, tickets and all. */
  async undo(order: OrderRow, tickets: readonly RefundableTicket[], reason: EndReason): Promise<void> {
    const valid = tickets.filter((ticket) => ticket.status === 'valid');
    await this.orders.endAll([{ id: order.id, reason }], 'confirmed', 'cancelled');
    await this.tickets.void(valid.map(({ id }) => ({ id, refundId: null })));
    await this.outbox.add(orderCancelled, {
      tenantId: order.tenantId,
      data: { orderId: order.id, event: order.event, buyer: order.buyer, reason },
    });
    await this.tellHolders([{ order, tickets: valid, reason }]);
    await this.releaseTickets([{ order, tickets: valid }]);
  }

  giveBack(
    order: OrderRow,
    tickets: readonly RefundableTicket[],
    given: GivenBack,
    kept: readonly RefundableTicket[] = [],
  ): Promise<void> {
    return this.giveBackAll([{ order, tickets, kept, given }]);
  }

  /**
   * Tickets are void and their stock is back first, in this transaction, so that nobody enters while being refunded;
   * then payment-service moves the money: never more than is left of the payment, of which the provider may have given
   * something back on its own. What was free or paid at the desk moves no money through us.
   */
  async giveBackAll(returns: readonly Returned[]): Promise<void> {
    if (returns.length === 0) return;
    const before = await this.refunds.givenBackOf(returns.map(({ order }) => order.id));
    const refunds = returns.map(({ order, tickets, kept, given: { amount: wanted, reason, override } }) => {
      const left = order.total.amount - (before.get(order.id) ?? 0);
      const amount = Math.max(0, Math.min(wanted, left));
      const throughUs = order.confirmedHow === 'paid' && amount > 0;
      return { id: uuid(), order, tickets, kept, amount, reason, override, throughUs };
    });
    await this.refunds.addAll(
      refunds.map(({ id, order, amount, reason, override, throughUs }) => ({
        ...{ id, amount, reason, override, paymentId: null },
        tenantId: order.tenantId,
        orderId: order.id,
        status: throughUs ? 'pending' : 'succeeded',
      })),
    );
    await this.tickets.void(
      refunds.flatMap(({ id: refundId, tickets }) => tickets.map(({ id }) => ({ id, refundId }))),
    );
    await this.tickets.repay(refunds.flatMap(({ id: refundId, kept }) => kept.map(({ id }) => ({ id, refundId }))));
    const whole = returns.filter(({ given }) => given.whole);
    await this.orders.endAll(
      whole.map(({ order: { id }, given: { reason } }) => ({ id, reason })),
      'confirmed',
      'refunded',
    );
    await this.tellHolders(returns.map(({ order, tickets, given: { reason } }) => ({ order, tickets, reason })));
    await this.outbox.addAll(
      orderRefundRequested,
      refunds
        .filter(({ throughUs }) => throughUs)
        .map(({ id: refundId, order, tickets, amount, reason }) => ({
          tenantId: order.tenantId,
          data: {
            ...{ orderId: order.id, refundId, reason },
            ticketIds: tickets.map(({ id }) => id),
            amount: { amount, currency: order.total.currency },
            event: order.event,
            buyer: order.buyer,
          },
        })),
    );
    await this.releaseTickets(returns);
  }

  /**
   * Something of what bought a confirmed order was given back at the provider. Once that is all of it unused tickets are void
   * and their stock is back: nobody keeps tickets whose whole price went back. What a part of it was for only a person can tell.
   * @returns whether it is all of it
   */
  async paidBack(order: OrderRow, refundId: string): Promise<boolean> {
    if ((await this.refunds.movedBack(order.id)) < order.total.amount) return false;
    const tickets = await this.tickets.lockOf(order.id);
    const unused = tickets.filter(({ status }) => status !== 'checked_in' && status !== 'void');
    await this.tickets.void(unused.map(({ id }) => ({ id, refundId })));
    await this.tellHolders([{ order, tickets: unused, reason: 'refund' }]);
    const whole = tickets.every(({ status }) => status !== 'checked_in');
    if (whole) await this.orders.endAll([{ id: order.id, reason: 'refund' }], 'confirmed', 'refunded');
    await this.releaseTickets([{ order, tickets: unused }]);
    return true;
  }

  /**
   * Word of a refund goes to who paid. Whoever holds a ticket that another paid for hears that it admits no more; that an event is
   * cancelled all its holders are told.
   */
  private async tellHolders(
    returns: readonly (Pick<Returned, 'order' | 'tickets'> & { reason: EndReason })[],
  ): Promise<void> {
    const told = returns.filter(({ reason }) => reason !== 'event-cancelled');
    const gone = told.flatMap(({ order, tickets, reason }) =>
      tickets.filter(({ transferred }) => transferred).map(({ id: ticketId }) => ({ ticketId, order, reason })),
    );
    const holders = await this.tickets.holdersOf(gone.map(({ ticketId }) => ticketId));
    await this.outbox.addAll(
      ticketTakenBack,
      gone.map(({ ticketId, order: { tenantId, event }, reason }) => ({
        tenantId,
        data: { ticketId, event, holder: holders.get(ticketId)!, reason },
      })),
    );
  }

  private async releaseTickets(returns: readonly Pick<Returned, 'order' | 'tickets'>[]): Promise<void> {
    const units = unitsOf(
      returns.flatMap(({ order, tickets }) => {
        const counters = new Map(order.items.map((item) => [item.ticketTypeId, item.counterId]));
        // Of one that was up for resale the unit was back before.
        const taking = tickets.filter(({ status }) => status !== 'listed');
        return taking.map((ticket) => ({ counterId: counters.get(ticket.ticketTypeId) ?? '', quantity: 1 }));
      }),
    );
    if (units.size > 0) await this.stock.release(units);
  }
}
