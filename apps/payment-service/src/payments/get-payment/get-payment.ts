import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { principalId, type Principal } from '@app/auth';
import type { PaymentView } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { Organizers } from '../../organizers/organizers.module.js';
import { PayableOrders } from '../open-checkout/payable-orders.js';
import { OwedOrderStore } from '../owed-order.store.js';
import { PAYMENTS_FOR_STAFF, PAYMENTS_OF_ORDER, toView, type PaymentsOfOrder } from './payments-of-order.js';

export class GetPaymentQuery extends Query<PaymentView> {
  constructor(
    readonly who: Principal,
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
  async execute({ who, orderId }: GetPaymentQuery): Promise<PaymentView> {
    const [own] = await this.database.asPerson(principalId(who), (transaction) =>
      transaction.query<PaymentsOfOrder>(PAYMENTS_OF_ORDER, [orderId]),
    );
    if (own?.currency) return toView(orderId, { ...own, currency: own.currency });
    const tenantId = await this.orders.locate(orderId);
    return tenantId ? this.ofOthers(who, orderId, tenantId) : this.unpaid(who, orderId);
  }

  private async ofOthers(who: Principal, orderId: string, tenantId: string): Promise<PaymentView> {
    const [row] = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<PaymentsOfOrder>(PAYMENTS_FOR_STAFF, [orderId]),
    );
    // We were told of its end only, as of an order that costs nothing: neither whose it is nor its currency.
    if (row!.currency === null) return this.unpaid(who, orderId);
    await this.organizers.roleAt(who, tenantId, 'The order');
    return toView(orderId, { ...row!, currency: row!.currency });
  }

  /** An order that costs nothing, or of which we have not heard yet. */
  private async unpaid(who: Principal, orderId: string): Promise<PaymentView> {
    const answer = await this.payable.find(orderId);
    if (answer === 'unreachable')
      throw new ProblemError('service-unavailable', 'The order cannot be looked up right now.');
    if (answer === 'unknown') throw notFound('The order');
    const { tenantId, order } = answer;
    const nothing = { currency: order.total.currency, statuses: [], charged: 0, refunds: [] };
    if (order.buyer.id === principalId(who)) return toView(orderId, nothing);
    await this.organizers.roleAt(who, tenantId, 'The order');
    return toView(orderId, { ...nothing, disputes: [] });
  }
}
