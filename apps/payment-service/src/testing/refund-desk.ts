import { orderRefundRequested } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { eventually } from '@app/testing';
import type { Order, PaymentPlatform } from './payment-platform.js';

export interface RefundRecord {
  id: string;
  status: string;
  amount: number;
  origin: string;
  attempts: number;
  provider_refund_id: string | null;
  failure: string | null;
}

export interface Transfer {
  what: string;
  debit_account: string;
  credit_account: string;
  amount: number;
}

/** What a transfer does to our balance at the provider. */
export const onProviderBalance = ({ debit_account, credit_account, amount }: Transfer) =>
  (debit_account === 'provider-balance' ? amount : 0) - (credit_account === 'provider-balance' ? amount : 0);

/** Paid orders, and what becomes of their money. */
export class RefundDesk {
  private events = 0;

  constructor(private readonly platform: PaymentPlatform) {}

  /** Of two tickets, at €45.00 each unless told otherwise. */
  async paidOrder(
    given: { total?: number; currency?: string; tenantId?: string } = {},
  ): Promise<{ order: Order; paymentId: string; paymentIntent: string }> {
    const order = this.platform.order(given);
    await this.platform.simulator.press(await this.platform.checkout(order.orderId), 'pay');
    return eventually(async () => {
      const [payment] = await this.platform.payments(order.orderId);
      if (payment?.status !== 'succeeded') throw new Error('not paid yet');
      return { order, paymentId: payment.id, paymentIntent: payment.payment_intent };
    });
  }

  /** Ticket-api asks for a refund of returned tickets. */
  async ask(
    { tenantId, orderId, event, buyer, total }: Order,
    amount: number,
    refundId: string = uuid(),
  ): Promise<string> {
    const ticketIds = [uuid()];
    const data = { orderId, refundId, ticketIds, amount: { ...total, amount }, reason: 'refund', event, buyer };
    await this.platform.ticketApi.send(orderRefundRequested, tenantId, data);
    return refundId;
  }

  refundsOf(order: Order): Promise<RefundRecord[]> {
    const sql = 'select * from refunds where order_id = $1 order by created_at, id';
    return this.platform.database.asOwner<RefundRecord>(sql, [order.orderId]);
  }

  async refund(refundId: string): Promise<RefundRecord | undefined> {
    const rows = await this.platform.database.asOwner<RefundRecord>('select * from refunds where id = $1', [refundId]);
    return rows[0];
  }

  transfersOf(order: Order): Promise<Transfer[]> {
    const sql = 'select * from ledger_transfers where order_id = $1 order by created_at';
    return this.platform.database.asOwner<Transfer>(sql, [order.orderId]);
  }

  /** What ticket-api was told of an order's refunds. */
  told(order: Order, what: 'refunded' | 'refund-failed' | 'refund-taken-up'): object[] {
    return this.platform.ticketApi.heardOf(order.orderId, `payment.${what}.v1`).map(({ data }) => data);
  }

  async atProvider(paymentIntent: string) {
    return (await this.platform.dashboard().refunds.list({ payment_intent: paymentIntent })).data;
  }

  /** The next try is now. */
  async due(refundId: string): Promise<void> {
    await this.platform.database.asOwner('update refunds set due_at = now() where id = $1', [refundId]);
  }

  /** An event of Stripe about a refund. */
  event(type: string, object: object): object {
    const id = `evt_refund${++this.events}`;
    return {
      id,
      object: 'event',
      type,
      livemode: false,
      data: { object: { object: 'refund', currency: 'eur', ...object } },
    };
  }
}
