import type { PaymentView } from '@app/contracts';
import type { PaymentStatus } from '../payment.js';
import { viewStatus } from './payment-view.js';

type Listed<Kind extends 'refunds' | 'disputes'> = Omit<NonNullable<PaymentView[Kind]>[number], 'amount'>;

/** What `PAYMENTS_OF_ORDER` and `PAYMENTS_FOR_STAFF` select, of one order. */
export interface PaymentsOfOrder {
  /** Null when nothing but the order's end was told. */
  currency: string | null;
  statuses: PaymentStatus[];
  charged: number;
  /** `covered`: what of it other refunds are. */
  refunds: (Listed<'refunds'> & { amount: number; covered: number })[];
  disputes?: (Listed<'disputes'> & { amount: number; currency: string })[];
}

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const paymentsOfOrder = (ofRefund: string, further: string) => `
  select o.currency,
         coalesce((select json_agg(p.status order by p.created_at) from payments p where p.order_id = o.order_id), '[]') as statuses,
         coalesce((select sum(p.paid) from payments p where p.order_id = o.order_id and p.paid_currency = o.currency), 0)::bigint as charged,
         coalesce((select json_agg(json_build_object('id', r.id, 'amount', r.amount, 'covered', r.covered,
             'status', case when r.status in ('settled', 'paid-twice') then 'succeeded' else r.status end,
             'createdAt', ${time('r.created_at')}${ofRefund}) order by r.created_at, r.id)
           from refunds r where r.order_id = o.order_id), '[]') as refunds${further}
  from owed_orders o where o.order_id = $1`;

/** As the buyer sees them. It is none of the payer's business by whose hand a refund came. */
export const PAYMENTS_OF_ORDER = paymentsOfOrder('', '');

/** As the people see them who look after the order. */
export const PAYMENTS_FOR_STAFF = paymentsOfOrder(
  `, 'providerRefundId', r.provider_refund_id`,
  `,
         coalesce((select json_agg(json_build_object('providerDisputeId', d.provider_dispute_id, 'status', d.status,
             'amount', d.amount, 'currency', d.currency, 'reason', d.reason, 'createdAt', ${time('d.created_at')}) order by d.created_at, d.id)
           from disputes d join payments p on p.id = d.payment_id where p.order_id = o.order_id), '[]') as disputes`,
);

/** A refund that failed is still owed, hence pending. */
export function toView(
  orderId: string,
  { currency, statuses, charged, refunds, disputes }: PaymentsOfOrder & { currency: string },
): PaymentView {
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
    ...(disputes && {
      disputes: disputes.map(({ amount, currency: taken, ...dispute }) => ({
        ...dispute,
        amount: { amount, currency: taken },
      })),
    }),
  };
}
