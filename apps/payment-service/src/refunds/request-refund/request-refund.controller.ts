import { Controller, Inject } from '@nestjs/common';
import { orderRefundRequested, orderUnfulfillable, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { RequestRefund } from './request-refund.js';

@Controller()
export class RequestRefundController {
  constructor(@Inject(RequestRefund) private readonly refunds: RequestRefund) {}

  /** Tickets were given back. */
  @OnMessage(orderRefundRequested)
  async ticketsReturned(
    data: DataOf<typeof orderRefundRequested>,
    { tenantId, correlationId }: Envelope,
  ): Promise<void> {
    const { refundId, orderId, amount, reason } = data;
    await this.refunds.request({
      refundId,
      tenantId,
      orderId,
      amount,
      reason,
      correlationId,
      origin: 'tickets-returned',
    });
  }

  /** Money came that buys nothing. */
  @OnMessage(orderUnfulfillable)
  async unfulfillable(data: DataOf<typeof orderUnfulfillable>, { tenantId, correlationId }: Envelope): Promise<void> {
    const { refundId, orderId, paymentId, amount, reason } = data;
    await this.refunds.request({
      refundId,
      tenantId,
      orderId,
      paymentId,
      amount,
      reason,
      correlationId,
      origin: 'unfulfillable',
    });
  }
}
