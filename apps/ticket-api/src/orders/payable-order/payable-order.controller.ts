import { Controller, Param } from '@nestjs/common';
import { orderReserved, type DataOf } from '@app/contracts';
import { InternalGet } from '@app/http';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { OrderStore } from '../order.store.js';

/** For payment-service, when a buyer wants to pay: what is owed, and whether it still is. */
@Controller()
export class PayableOrderController {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
  ) {}

  @InternalGet('/internal/orders/:orderId/payable', { callers: ['payment-service'] })
  async get(
    @Param('orderId') orderId: string,
  ): Promise<{ tenantId: string; status: string; order: DataOf<typeof orderReserved> }> {
    const [found] = await this.database.lookUp<{ tenant_id: string }>('select tenant_id from locate_order($1, null)', [
      orderId,
    ]);
    if (!found) throw notFound('The order');
    const order = await this.database.asTenant(found.tenant_id, () => this.orders.find(orderId));
    if (!order) throw notFound('The order');
    const { currency } = order.total;
    return {
      tenantId: order.tenantId,
      status: order.status === 'pending' && order.holdEnded ? 'expired' : order.status,
      order: {
        orderId,
        event: order.event,
        buyer: order.buyer,
        items: order.items.map(({ ticketTypeId, name, quantity, unitPrice }) => ({
          ticketTypeId,
          name,
          quantity,
          unitPrice: { amount: unitPrice, currency },
        })),
        total: order.total,
        expiresAt: order.expiresAt.toISOString(),
      },
    };
  }
}
