import type { Rule } from '../invariant.js';

/**
 * An order keeps traces of the way it went: how it was confirmed, by which payment, why it ended. A state that no allowed
 * way leads to with these traces was reached by another one (`apps/ticket-api/src/orders/order.ts` has the ways).
 */
export const orderHistory: Rule[] = [
  {
    invariant: 'I11',
    database: 'ticket-api',
    broken: 'orders in a state that no allowed way leads to',
    remedy:
      'Something other than the service wrote the order: compare with its messages and payments, then set it right.',
    sql: `
      select o.id as "orderId", o.status, o.reason, o.confirmed_how as "confirmedHow", o.payment_id as "paymentId", way.text as way
      from orders o, lateral (values
        (o.status = 'pending' and o.confirmed_how is not null, 'confirmed → pending'),
        (o.status = 'expired' and o.confirmed_how is not null, 'confirmed → expired'),
        (o.status = 'cancelled' and o.confirmed_how = 'paid', 'paid → cancelled, where only a refund may follow'),
        (o.status = 'refunded' and o.confirmed_how is null, 'refunded without ever having been confirmed'),
        (o.payment_id is not null and o.confirmed_how is distinct from 'paid', 'bought by a payment, but not confirmed as paid'),
        (o.status in ('pending', 'confirmed') and o.reason is not null, 'not ended, but with a reason for its end'),
        (o.status in ('expired', 'cancelled', 'refunded') and o.reason is null, 'ended without a reason')
      ) as way (holds, text)
      where way.holds`,
  },
];
