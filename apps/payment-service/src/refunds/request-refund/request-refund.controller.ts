import { Controller, Inject } from '@nestjs/common';
import { orderRefundRequested, orderUnfulfillable } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { RequestRefund } from './request-refund.js';

@Controller()
export class RequestRefundController {
  constructor(@Inject(RequestRefund) private readonly refunds: RequestRefund) {}

  /** Tickets were given back. */
  @OnMessages(orderRefundRequested)
  async ticketsReturned(messages: Messages<typeof orderRefundRequested>): Promise<void> {
    await this.refunds.requestAll(
      messages.map(({ tenantId, correlationId, traceparent, data: { refundId, orderId, amount, reason } }) => ({
        ...{ refundId, tenantId, orderId, amount, reason, correlationId, traceparent },
        origin: 'tickets-returned',
      })),
    );
  }

  /** Money came that buys nothing. */
  @OnMessages(orderUnfulfillable)
  async unfulfillable(messages: Messages<typeof orderUnfulfillable>): Promise<void> {
    await this.refunds.requestAll(
      messages.map(
        ({ tenantId, correlationId, traceparent, data: { refundId, orderId, paymentId, amount, reason } }) => ({
          ...{ refundId, tenantId, orderId, paymentId, amount, reason, correlationId, traceparent },
          origin: 'unfulfillable',
        }),
      ),
    );
  }
}
