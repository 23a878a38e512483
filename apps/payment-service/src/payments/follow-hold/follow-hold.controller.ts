import { Controller, Inject } from '@nestjs/common';
import { orderHoldProlonged } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { OwedOrderStore } from '../owed-order.store.js';

/** Holds end later than we were told: so do their open sessions. */
@Controller()
export class FollowHoldController {
  constructor(@Inject(OwedOrderStore) private readonly orders: OwedOrderStore) {}

  @OnMessages(orderHoldProlonged)
  async follow(messages: Messages<typeof orderHoldProlonged>): Promise<void> {
    await this.orders.prolongAll(messages.map(({ data }) => data));
  }
}
