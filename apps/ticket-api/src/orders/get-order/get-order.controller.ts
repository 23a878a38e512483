import { Controller, Param } from '@nestjs/common';
import { getBooking, getOrder, type Order } from '@app/contracts';
import { Operation } from '@app/http';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';

@Controller()
export class GetOrderController {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly view: OrderView,
  ) {}

  @Operation(getOrder, getBooking)
  get(@Located() { tenantId, role }: Location, @Param('orderId') orderId: string): Promise<Order> {
    return this.database.asTenant(tenantId, async () => {
      const order = await this.orders.find(orderId);
      if (!order) throw notFound('The order');
      return role === 'organizer' || role === 'owner' ? this.view.forOrganizer(order) : this.view.ofOne(order);
    });
  }
}
