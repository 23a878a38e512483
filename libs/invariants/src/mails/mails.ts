import type { Comparison, Difference, Side } from '../invariant.js';

const invariant = 'I10';

/** @param where orders that get a mail of this kind; @param allowed orders that may have got one before */
const mailsOf = (kind: string, orders: Pick<Side, 'where' | 'allowed'>, leftOnly?: Difference): Comparison => ({
  left: { database: 'ticket-api', from: 'orders o', id: 'o.id', key: 'o.id::text', ...orders },
  right: {
    database: 'notification-service',
    from: `(select distinct facts ->> 'orderId' as order_id from mails where kind = '${kind}') m`,
    id: 'm.order_id::uuid',
    key: 'm.order_id',
    where: 'true',
  },
  ...(leftOnly && { leftOnly }),
  rightOnly: {
    invariant,
    broken: `mails "${kind}" about orders that are not there, or that this never happened to`,
    remedy: 'Somebody was told of what is not so: look for the order in a backup of ticket-api.',
  },
});

const ANY = 'true';
const hasRefund = (of: string) =>
  `exists (select from refunds r where r.tenant_id = o.tenant_id and r.order_id = o.id and r.payment_id ${of})`;

/**
 * Each order that was ever confirmed has its mail. One that is recorded counts: if it waits it will be sent, and if the
 * recipient's side refused it for good, notification-service's own metric tells. Of the other kinds none lacks its order.
 */
export const mails: Comparison[] = [
  mailsOf(
    'order-confirmed',
    { where: 'o.confirmed_how is not null' },
    {
      invariant,
      broken: 'confirmed orders without a mail',
      remedy:
        'Look at `npm run dead-letters -- list --service notification-service` and replay `order.confirmed.v1`. The tickets are valid; the buyer finds them in the account.',
    },
  ),
  mailsOf('order-expired', { where: `o.status = 'expired'`, allowed: ANY }),
  mailsOf('order-cancelled', { where: `o.status = 'cancelled'`, allowed: ANY }),
  mailsOf('order-unfulfillable', { where: hasRefund('is not null'), allowed: ANY }),
  mailsOf('refund-requested', { where: hasRefund('is null'), allowed: ANY }),
];
