import { Controller, Inject } from '@nestjs/common';
import { orderReserved } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { OwedOrderStore } from '../owed-order.store.js';

/** Orders are reserved: notes what is owed. The provider hears of one when somebody comes to pay. */
@Controller()
export class RecordOrderController {
  constructor(@Inject(OwedOrderStore) private readonly orders: OwedOrderStore) {}

  @OnMessages(orderReserved)
  async record(messages: Messages<typeof orderReserved>): Promise<void> {
    await this.orders.recordAll(messages.map(({ data, correlationId }) => ({ ...data, correlationId })));
  }
}
