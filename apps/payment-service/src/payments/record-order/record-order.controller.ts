import { Controller, Inject } from '@nestjs/common';
import { orderReserved, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import type { ReservedOrder } from '../owed-order.js';
import { OwedOrderStore } from '../owed-order.store.js';

/** An order is reserved: notes what is owed. The provider hears of it when somebody comes to pay. */
@Controller()
export class RecordOrderController {
  constructor(@Inject(OwedOrderStore) private readonly orders: OwedOrderStore) {}

  @OnMessage(orderReserved)
  async record(order: ReservedOrder, { tenantId, correlationId }: Envelope): Promise<void> {
    await this.orders.record(tenantId, order, correlationId);
  }
}
