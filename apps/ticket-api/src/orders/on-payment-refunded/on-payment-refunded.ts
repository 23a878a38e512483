import { Controller } from '@nestjs/common';
import { paymentRefunded, paymentRefundFailed, type DataOf } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { RefundStore } from '../refund.store.js';

@Controller()
export class OnPaymentRefunded {
  constructor(private readonly refunds: RefundStore) {}

  @OnMessage(paymentRefunded)
  async refunded({ orderId, refundId }: DataOf<typeof paymentRefunded>): Promise<void> {
    await this.refunds.succeeded(orderId, refundId);
  }

  @OnMessage(paymentRefundFailed)
  async failed({ orderId, refundId }: DataOf<typeof paymentRefundFailed>): Promise<void> {
    await this.refunds.failed(orderId, refundId);
  }
}
