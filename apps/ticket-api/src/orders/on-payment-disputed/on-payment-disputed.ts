import { Controller } from '@nestjs/common';
import { paymentDisputeClosed, paymentDisputed, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { DisputeStore, type ToldDispute } from '../dispute.store.js';
import { EndOrder } from '../end-order/end-order.js';
import type { OrderRow } from '../order-row.js';
import { OrderStepStore } from '../order-step.store.js';
import { OrderStore } from '../order.store.js';
import { RefundStore } from '../refund.store.js';
import { TicketStore } from '../ticket.store.js';

type Disputed = DataOf<typeof paymentDisputed>;
type Closed = DataOf<typeof paymentDisputeClosed>;

/**
 * The payer wants the money back through the bank: the tickets that it bought are frozen until the bank has decided for the
 * organizer, and stay frozen if it decides for the payer (hard case 13). Nothing is resold by itself.
 */
@Controller()
export class OnPaymentDisputed {
  constructor(
    private readonly orders: OrderStore,
    private readonly disputes: DisputeStore,
    private readonly tickets: TicketStore,
    private readonly refunds: RefundStore,
    private readonly ending: EndOrder,
    private readonly steps: OrderStepStore,
  ) {}

  @OnMessage(paymentDisputed)
  async disputed(dispute: Disputed, message: Envelope<Disputed>): Promise<void> {
    await this.stands(dispute, 'open');
    await this.steps.hear('payment-disputed', [message]);
  }

  @OnMessage(paymentDisputeClosed)
  async closed(dispute: Closed, message: Envelope<Closed>): Promise<void> {
    await this.stands(dispute, dispute.outcome);
    await this.steps.hear('dispute-closed', [message]);
  }

  private async stands(
    { disputeId, orderId, paymentId }: { disputeId: string; orderId: string; paymentId: string },
    status: ToldDispute['status'],
  ): Promise<void> {
    const order = await this.orders.lock(orderId);
    if (!order) throw new Error(`The order ${orderId} whose payment is disputed is not known here.`);
    await this.disputes.note({ id: disputeId, tenantId: order.tenantId, orderId, paymentId, status });
    // Another payment of the order bought nothing. One that will buy it finds the dispute when the tickets are issued.
    if (order.paymentId !== paymentId) return;
    if (await this.disputes.isDisputed(paymentId, orderId)) await this.tickets.freezeOf(orderId);
    else await this.release(order);
  }

  /** The money is the organizer's. If the event was cancelled meanwhile, what the dispute had kept back is owed now. */
  private async release(order: OrderRow): Promise<void> {
    if (order.status === 'confirmed') return this.tickets.thawOf(order.id);
    const left = order.total.amount - (await this.refunds.givenBack(order.id));
    if (order.event.status !== 'cancelled' || left <= 0) return;
    await this.ending.giveBack(order, [], { amount: left, whole: false, reason: 'event-cancelled' });
  }
}
