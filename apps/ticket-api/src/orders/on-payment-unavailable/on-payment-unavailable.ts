import { Controller, Inject } from '@nestjs/common';
import { LONGEST_PROLONGATION, orderHoldProlonged, paymentUnavailable } from '@app/contracts';
import { OnMessages, Outbox, type Messages } from '@app/messaging';
import { CONFIG, type Config } from '../../config.js';
import { OrderStore } from '../order.store.js';

/** Buyers cannot pay while the provider is away: each of their holds lasts once more as long as a hold does. */
@Controller()
export class OnPaymentUnavailable {
  constructor(
    private readonly orders: OrderStore,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @OnMessages(paymentUnavailable)
  async handle(messages: Messages<typeof paymentUnavailable>): Promise<void> {
    const causes = new Map(messages.map((message) => [message.data.orderId, message]));
    const seconds = Math.min(this.config.holdSeconds, LONGEST_PROLONGATION);
    const prolonged = await this.orders.prolongAll([...causes.keys()], seconds);
    await this.outbox.addAll(
      orderHoldProlonged,
      prolonged.map(({ id, tenantId, expiresAt }) => ({
        tenantId,
        data: { orderId: id, expiresAt: expiresAt.toISOString() },
        correlationId: causes.get(id)?.correlationId,
        traceparent: causes.get(id)?.traceparent,
      })),
    );
  }
}
