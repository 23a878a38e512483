import { Controller, Logger } from '@nestjs/common';
import { paymentRefunded, paymentRefundFailed, paymentRefundTakenUp, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { EndOrder } from '../end-order/end-order.js';
import type { OrderRow } from '../order-row.js';
import { OrderStepStore } from '../order-step.store.js';
import { OrderStore } from '../order.store.js';
import { RefundStore } from '../refund.store.js';

type Refunded = DataOf<typeof paymentRefunded>;
type RefundFailed = DataOf<typeof paymentRefundFailed>;
type TakenUp = DataOf<typeof paymentRefundTakenUp>;

/** Money went back, by our wish or by somebody's hand at the provider; or it did not after all (hard case 10). */
@Controller()
export class OnPaymentRefunded {
  private readonly log = new Logger(OnPaymentRefunded.name);

  constructor(
    private readonly orders: OrderStore,
    private readonly refunds: RefundStore,
    private readonly ending: EndOrder,
    private readonly steps: OrderStepStore,
    private readonly audit: AuditLog,
  ) {}

  @OnMessage(paymentRefunded)
  async refunded(refund: Refunded, message: Envelope<Refunded>): Promise<void> {
    const order = await this.orders.lock(refund.orderId);
    if (!order) throw new Error(`The order ${refund.orderId} that was refunded is not known here.`);
    await this.steps.hear('refund-succeeded', [message]);
    const isOurs = await this.refunds.isKnown(refund.refundId);
    if (!isOurs) await this.byTheProvider(order, refund);
    await this.refunds.succeeded(order.id, refund.refundId, refund.sequence, refund.covered?.amount);
    if (order.status !== 'confirmed') return;
    if (!(await this.ending.paidBack(order, refund.refundId)) && !isOurs)
      this.log.warn(`Money of order ${order.id} was given back at the provider; its tickets stay.`);
  }

  @OnMessage(paymentRefundFailed)
  async failed({ orderId, refundId, sequence = 0 }: RefundFailed, message: Envelope<RefundFailed>): Promise<void> {
    await this.orders.lock(orderId);
    if (sequence > 1 && !(await this.refunds.isKnown(refundId)))
      throw new Error(`That refund ${refundId} succeeded before it failed has not been heard yet.`);
    await this.steps.hear('refund-failed', [message]);
    await this.refunds.failed(orderId, refundId, sequence);
  }

  /** Its news come as of any refund. */
  @OnMessage(paymentRefundTakenUp)
  async takenUp({ how, by, refundId, orderId, amount }: TakenUp, message: Envelope<TakenUp>): Promise<void> {
    await this.steps.hear(`refund-${how}`, [message]);
    const target = { kind: 'refund', id: refundId } as const;
    const detail = { orderId, amount };
    await this.audit.record({ action: `refund.${how}`, target, detail }, { kind: 'person', id: by.id });
  }

  /** Of a payment that was not heard of yet, or that bought nothing, it is noted under that payment. */
  private async byTheProvider(order: OrderRow, { refundId, paymentId, amount }: Refunded): Promise<void> {
    await this.refunds.add({
      id: refundId,
      tenantId: order.tenantId,
      orderId: order.id,
      paymentId: order.paymentId === paymentId ? null : paymentId,
      amount: amount.amount,
      reason: 'provider',
      // It has moved: what of it was told before counts once, as of any refund.
      status: 'pending',
    });
  }
}
