import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { PaymentView } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { PayableOrders } from '../open-checkout/payable-orders.js';
import type { PaymentStatus } from '../payment.js';
import { viewStatus } from './payment-view.js';

export class GetPaymentQuery extends Query<PaymentView> {
  constructor(
    readonly userId: string,
    readonly orderId: string,
  ) {
    super();
  }
}

interface Row {
  currency: string;
  statuses: PaymentStatus[];
  charged: number;
  /** `covered`: what of it other refunds are. */
  refunds: {
    id: string;
    amount: number;
    covered: number;
    status: 'pending' | 'succeeded' | 'failed';
    createdAt: string;
  }[];
}

/** What was charged for one's own order and given back. A refund that failed is still owed, hence pending; it is none of the
 * payer's business by whose hand one came. */
@QueryHandler(GetPaymentQuery)
export class GetPaymentHandler implements IQueryHandler<GetPaymentQuery> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PayableOrders) private readonly payable: PayableOrders,
  ) {}

  /** @throws ProblemError `not-found`, also for another person's order; `service-unavailable` while ticket-api is away. */
  async execute({ userId, orderId }: GetPaymentQuery): Promise<PaymentView> {
    const [row] = await this.database.asPerson(userId, (transaction) =>
      transaction.query<Row>(PAYMENTS_OF_ORDER, [orderId]),
    );
    return row ? toView(orderId, row) : this.unpaid(userId, orderId);
  }

  /** An order that costs nothing, or of which we have not heard yet. */
  private async unpaid(userId: string, orderId: string): Promise<PaymentView> {
    const answer = await this.payable.find(orderId);
    if (answer === 'unreachable')
      throw new ProblemError('service-unavailable', 'The order cannot be looked up right now.');
    if (answer === 'unknown' || answer.order.buyer.id !== userId) throw notFound('The order');
    return toView(orderId, { currency: answer.order.total.currency, statuses: [], charged: 0, refunds: [] });
  }
}

const PAYMENTS_OF_ORDER = `
  select o.currency,
         coalesce((select json_agg(p.status order by p.created_at) from payments p where p.order_id = o.order_id), '[]') as statuses,
         coalesce((select sum(p.paid) from payments p where p.order_id = o.order_id and p.paid_currency = o.currency), 0)::bigint as charged,
         coalesce((select json_agg(json_build_object('id', r.id, 'amount', r.amount, 'covered', r.covered,
             'status', case when r.status in ('settled', 'paid-twice') then 'succeeded' else r.status end,
             'createdAt', to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by r.created_at, r.id)
           from refunds r where r.order_id = o.order_id), '[]') as refunds
  from owed_orders o where o.order_id = $1`;

function toView(orderId: string, { currency, statuses, charged, refunds }: Row): PaymentView {
  const money = (amount: number) => ({ amount, currency });
  const sum = (isMoved: boolean) =>
    refunds.reduce(
      (total, { amount, covered, status }) => ((status === 'succeeded') === isMoved ? total + amount - covered : total),
      0,
    );
  const refunded = sum(true);
  return {
    orderId,
    status: viewStatus({ statuses, charged, refunded }),
    charged: money(charged),
    refunded: money(refunded),
    refundPending: money(sum(false)),
    refunds: refunds.map(({ amount, covered: _, ...refund }) => ({ ...refund, amount: money(amount) })),
  };
}
