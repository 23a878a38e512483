import { Injectable } from '@nestjs/common';
import { orderCancelled, orderExpired, orderRefundRequested, type EndReason } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { v7 as uuid } from 'uuid';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import type { RefundableTicket } from '../refund.js';
import { RefundStore } from '../refund.store.js';
import { StockStore, unitsOf } from '../stock.store.js';
import { TicketStore } from '../ticket.store.js';

interface HoldEnding {
  status: 'expired' | 'cancelled';
  reason: EndReason;
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
  letGo(order: OrderRow, ending: HoldEnding): Promise<void> {
    return this.letGoAll([order], ending);
  }

  /** Holds of one tenant end together: four statements, however many they are. */
  async letGoAll(orders: readonly OrderRow[], ending: HoldEnding): Promise<void> {
    if (orders.length === 0) return;
    await this.orders.endAll(
      orders.map(({ id }) => id),
      'pending',
      ending,
    );
    await this.outbox.addAll(
      ending.status === 'expired' ? orderExpired : orderCancelled,
      orders.map(({ id, tenantId, event, buyer }) => ({
        tenantId,
        data: { orderId: id, event, buyer, reason: ending.reason },
      })),
    );
    await this.stock.release(unitsOf(orders.flatMap(({ items }) => items)));
  }

  /** A confirmed order for which we took no money is undone, tickets and all. */
  async undo(order: OrderRow, tickets: readonly RefundableTicket[], reason: EndReason): Promise<void> {
    const valid = tickets.filter((ticket) => ticket.status === 'valid');
    await this.orders.endAll([order.id], 'confirmed', { status: 'cancelled', reason });
    await this.tickets.void(
      order.id,
      valid.map((ticket) => ticket.id),
      null,
    );
    await this.outbox.add(orderCancelled, {
      tenantId: order.tenantId,
      data: { orderId: order.id, event: order.event, buyer: order.buyer, reason },
    });
    await this.releaseTickets(order, valid);
  }

  /**
   * Tickets are void and their stock is back first, in this transaction, so that nobody enters while being refunded;
   * then payment-service moves the money: never more than is left of the payment, of which the provider may have given
   * something back on its own. What was free or paid at the desk moves no money through us.
   */
  async giveBack(
    order: OrderRow,
    tickets: readonly RefundableTicket[],
    given: { amount: number; whole: boolean; reason: EndReason },
  ): Promise<void> {
    const { whole, reason } = given;
    const left = order.total.amount - (await this.refunds.givenBack(order.id));
    const amount = Math.max(0, Math.min(given.amount, left));
    const refundId = uuid();
    const throughUs = order.confirmedHow === 'paid' && amount > 0;
    await this.refunds.add({
      id: refundId,
      tenantId: order.tenantId,
      orderId: order.id,
      paymentId: null,
      amount,
      reason,
      status: throughUs ? 'pending' : 'succeeded',
    });
    await this.tickets.void(
      order.id,
      tickets.map((ticket) => ticket.id),
      refundId,
    );
    if (whole) await this.orders.endAll([order.id], 'confirmed', { status: 'refunded', reason });
    if (throughUs)
      await this.outbox.add(orderRefundRequested, {
        tenantId: order.tenantId,
        data: {
          orderId: order.id,
          refundId,
          reason,
          ticketIds: tickets.map((ticket) => ticket.id),
          amount: { amount, currency: order.total.currency },
          event: order.event,
          buyer: order.buyer,
        },
      });
    await this.releaseTickets(order, tickets);
  }

  /** The provider has given the whole payment back: unused tickets are void and their stock is back. */
  async paidBack(order: OrderRow, tickets: readonly RefundableTicket[], refundId: string): Promise<void> {
    const unused = tickets.filter(({ status }) => status === 'valid');
    await this.tickets.void(
      order.id,
      unused.map((ticket) => ticket.id),
      refundId,
    );
    const whole = tickets.every(({ status }) => status === 'valid' || status === 'void');
    if (whole) await this.orders.endAll([order.id], 'confirmed', { status: 'refunded', reason: 'refund' });
    await this.releaseTickets(order, unused);
  }

  private async releaseTickets(order: OrderRow, tickets: readonly RefundableTicket[]): Promise<void> {
    const counters = new Map(order.items.map((item) => [item.ticketTypeId, item.counterId]));
    const units = unitsOf(
      tickets.map((ticket) => ({ counterId: counters.get(ticket.ticketTypeId) ?? '', quantity: 1 })),
    );
    if (units.size > 0) await this.stock.release(units);
  }
}
