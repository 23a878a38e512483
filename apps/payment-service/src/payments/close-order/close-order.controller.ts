import { Controller, Inject } from '@nestjs/common';
import { orderCancelled, orderConfirmed, orderExpired, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Database } from '@app/persistence';
import { CloseSessions } from '../close-sessions/close-sessions.js';
import { OwedOrderStore } from '../owed-order.store.js';
import { PaymentStore } from '../payment.store.js';

/**
 * An order ended, or is confirmed (perhaps at the desk): nobody is to pay for it any more. Should somebody have paid
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

  @OnMessage(orderExpired)
  expired({ orderId }: DataOf<typeof orderExpired>, { tenantId }: Envelope): Promise<void> {
    return this.close(tenantId, orderId);
  }

  @OnMessage(orderCancelled)
  cancelled({ orderId }: DataOf<typeof orderCancelled>, { tenantId }: Envelope): Promise<void> {
    return this.close(tenantId, orderId);
  }

  @OnMessage(orderConfirmed)
  confirmed({ orderId }: DataOf<typeof orderConfirmed>, { tenantId }: Envelope): Promise<void> {
    return this.close(tenantId, orderId);
  }

  private async close(tenantId: string, orderId: string): Promise<void> {
    await this.orders.close(tenantId, orderId);
    if (await this.payments.closeNow(orderId)) this.database.current().afterCommit(() => this.sessions.wake());
  }
}
