import { expect } from '@jest/globals';
import { eventually } from '@app/testing';
import { v7 as uuid } from 'uuid';
import type { Order, PaymentPlatform } from './payment-platform.js';
import type { RefundDesk } from './refund-desk.js';

/** A refund of €45.00, of €90.00 that were paid, that waits for a person. */
export interface FailedRefund {
  order: Order;
  organizer: string;
  paymentIntent: string;
  refundId: string;
  /** What the provider says of the try that failed. */
  news: { id: string };
}

/** Refunds that failed for good, and the people who look after them. */
export class FailedRefunds {
  constructor(
    private readonly platform: PaymentPlatform,
    private readonly desk: RefundDesk,
  ) {}

  /** A person with a role at the order's organization. */
  member(order: Order, role = 'organizer'): string {
    const userId = uuid();
    this.platform.ticketApi.memberships.set(userId, [{ id: order.tenantId, role }]);
    return userId;
  }

  /** One that had succeeded and then came back. */
  async cameBack(given: { tenantId?: string } = {}): Promise<FailedRefund> {
    const { order, paymentIntent } = await this.desk.paidOrder(given);
    return this.ofOrder(order, paymentIntent);
  }

  /** The same, of an order that may have others. */
  async ofOrder(order: Order, paymentIntent: string): Promise<FailedRefund> {
    const refund = await this.made(order, paymentIntent);
    await this.platform.simulator.tell(`/refunds/${refund.news.id}/fail`, { failureReason: 'lost_or_stolen_card' });
    await eventually(async () => expect(await this.desk.refund(refund.refundId)).toMatchObject({ status: 'failed' }));
    return refund;
  }

  /** One that is said to have come back, and has not. */
  async saidToHaveComeBack(): Promise<FailedRefund> {
    const { order, paymentIntent } = await this.desk.paidOrder();
    const refund = await this.made(order, paymentIntent);
    const failed = { ...refund.news, status: 'failed', failure_reason: 'lost_or_stolen_card' };
    await this.platform.deliver(this.desk.event('refund.failed', failed));
    return refund;
  }

  private async made(order: Order, paymentIntent: string): Promise<FailedRefund> {
    const before = this.desk.told(order, 'refunded').length;
    const refundId = await this.desk.ask(order, 4500);
    await eventually(() => expect(this.desk.told(order, 'refunded')).toHaveLength(before + 1));
    const { provider_refund_id: id } = (await this.desk.refund(refundId))!;
    const news = { id: id!, amount: 4500, payment_intent: paymentIntent, metadata: { refund_id: refundId } };
    return { order, organizer: this.member(order), paymentIntent, refundId, news };
  }

  /** One that the provider never answered. */
  async unanswered(): Promise<FailedRefund> {
    const { order, paymentIntent } = await this.desk.paidOrder();
    this.platform.stripeApi.traffic = () => 'away';
    const refundId = await this.desk.ask(order, 4500);
    await eventually(async () => {
      const age = `update refunds set due_at = now(), first_tried_at = now() - interval '4 days' where id = $1`;
      await this.platform.database.asOwner(age, [refundId]);
      expect(await this.desk.refund(refundId)).toMatchObject({ status: 'failed' });
    });
    const news = {
      ...{ id: `re_${refundId}`, amount: 4500, payment_intent: paymentIntent },
      metadata: { refund_id: refundId },
    };
    await this.platform.providerAnswers();
    return { order, organizer: this.member(order), paymentIntent, refundId, news };
  }
}
