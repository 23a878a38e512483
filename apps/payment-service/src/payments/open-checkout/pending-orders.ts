import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { settles } from '../payment.js';
import type { Payment } from '../payment-row.js';
import { PaymentStore } from '../payment.store.js';
import type { OwedOrder } from '../owed-order.js';
import { OwedOrderStore } from '../owed-order.store.js';
import { PayableOrders } from './payable-orders.js';

/** Orders that are still to be paid. Ticket-api decides; while it is away, what it has told us does. */
@Injectable()
export class PendingOrders {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PayableOrders) private readonly payable: PayableOrders,
    @Inject(OwedOrderStore) private readonly orders: OwedOrderStore,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
  ) {}

  /** @throws ProblemError what opening its checkout would be refused with; nothing is opened. */
  async check(orderId: string): Promise<void> {
    const tenantId = await this.tenantOf(orderId);
    await this.database.asTenant(tenantId, () => this.lock(orderId));
  }

  /** @throws ProblemError `not-found`, `gone`, and `service-unavailable` when nothing is known of the order. */
  async tenantOf(orderId: string): Promise<string> {
    const answer = await this.payable.find(orderId);
    if (answer === 'unknown') throw notFound('The order');
    if (answer === 'unreachable') {
      const tenantId = await this.orders.locate(orderId);
      if (!tenantId) throw new ProblemError('service-unavailable', 'The order cannot be looked up right now.');
      return tenantId;
    }
    if (answer.status !== 'pending') throw gone();
    await this.database.asTenant(answer.tenantId, async () => {
      await this.orders.recordAll([answer.order]);
      // The word that a hold was prolonged may come after its buyer.
      await this.orders.prolongAll([answer.order]);
    });
    return answer.tenantId;
  }

  /** The order and its payments, locked in the open transaction of its tenant. @throws ProblemError `gone` */
  async lock(orderId: string): Promise<{ order: OwedOrder; payments: Payment[] }> {
    const order = await this.orders.lock(orderId);
    if (!order || order.isOver) throw gone();
    const payments = await this.payments.lockOfOrder(orderId);
    if (payments.some(({ status }) => settles(status))) throw gone();
    return { order, payments };
  }
}

export const gone = () => new ProblemError('gone', 'This order is not to be paid any more.');
