import { Controller, Inject } from '@nestjs/common';
import { orderCancelled, orderConfirmed, orderExpired } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Database } from '@app/persistence';
import { CloseSessions } from '../close-sessions/close-sessions.js';
import { OwedOrderStore } from '../owed-order.store.js';
import { PaymentStore } from '../payment.store.js';

type Over = Messages<typeof orderExpired | typeof orderCancelled | typeof orderConfirmed>;

/**
 * Orders ended, or are confirmed (perhaps at the desk): nobody is to pay for them any more. Should somebody have paid
 * meanwhile, ticket-api answers with `order.unfulfillable` (hard cases 14 and 42).
 */
@Controller()
export class CloseOrderController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OwedOrderStore) private readonly orders: OwedOrderStore,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(CloseSessions) private readonly sessions: CloseSessions,
  ) {}

  @OnMessages(orderExpired)
  expired(messages: Over): Promise<void> {
    return this.close(messages);
  }

  @OnMessages(orderCancelled)
  cancelled(messages: Over): Promise<void> {
    return this.close(messages);
  }

  @OnMessages(orderConfirmed)
  confirmed(messages: Over): Promise<void> {
    return this.close(messages);
  }

  private async close(messages: Over): Promise<void> {
    const orderIds = messages.map(({ data }) => data.orderId);
    await this.orders.closeAll(orderIds);
    if (await this.payments.closeNow(orderIds)) this.database.current().afterCommit(() => this.sessions.wake());
  }
}
