import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { PaymentView } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { Organizers } from '../../organizers/organizers.module.js';
import { PayableOrders } from '../open-checkout/payable-orders.js';
import { OwedOrderStore } from '../owed-order.store.js';
import { PAYMENTS_FOR_STAFF, PAYMENTS_OF_ORDER, toView, type PaymentsOfOrder } from './payments-of-order.js';

export class GetPaymentQuery extends Query<PaymentView> {
  constructor(
    readonly userId: string,
    readonly orderId: string,
  ) {
    super();
  }
}

/** What was charged for an order and given back. One's own order is shown as to a buyer, whoever one is besides. */
@QueryHandler(GetPaymentQuery)
export class GetPaymentHandler implements IQueryHandler<GetPaymentQuery> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OwedOrderStore) private readonly orders: OwedOrderStore,
    @Inject(Organizers) private readonly organizers: Organizers,
    @Inject(PayableOrders) private readonly payable: PayableOrders,
  ) {}

  /**
   * @throws ProblemError `not-found`, also for another person's order that one does not look after; `service-unavailable`
   * while ticket-api is away.
   */
  async execute({ userId, orderId }: GetPaymentQuery): Promise<PaymentView> {
    const [own] = await this.database.asPerson(userId, (transaction) =>
      transaction.query<PaymentsOfOrder>(PAYMENTS_OF_ORDER, [orderId]),
    );
    if (own) return toView(orderId, own);
    const tenantId = await this.orders.locate(orderId);
    return tenantId ? this.ofOthers(userId, orderId, tenantId) : this.unpaid(userId, orderId);
  }

  private async ofOthers(userId: string, orderId: string, tenantId: string): Promise<PaymentView> {
    await this.organizers.roleAt(userId, tenantId, 'The order');
    const [row] = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<PaymentsOfOrder>(PAYMENTS_FOR_STAFF, [orderId]),
    );
    return toView(orderId, row!);
  }

  /** An order that costs nothing, or of which we have not heard yet. */
  private async unpaid(userId: string, orderId: string): Promise<PaymentView> {
    const answer = await this.payable.find(orderId);
    if (answer === 'unreachable')
      throw new ProblemError('service-unavailable', 'The order cannot be looked up right now.');
    if (answer === 'unknown') throw notFound('The order');
    const { tenantId, order } = answer;
    const nothing = { currency: order.total.currency, statuses: [], charged: 0, refunds: [] };
    if (order.buyer.id === userId) return toView(orderId, nothing);
    await this.organizers.roleAt(userId, tenantId, 'The order');
    return toView(orderId, { ...nothing, disputes: [] });
  }
}
