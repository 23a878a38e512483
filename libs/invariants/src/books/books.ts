import type { Rule } from '../invariant.js';

const invariant = 'I3';
const database = 'payment-service';

/** Within payment-service: what payments, refunds and disputes say of themselves is what the ledger says. */
export const books: Rule[] = [
  {
    invariant,
    database,
    broken: 'payments whose money is not in the ledger as it was paid',
    remedy:
      "Compare with the provider's charge. The ledger is only ever added to: post the row that is missing, or the difference (docs/invariants.md). No webhook and no comparison does that for a payment that is paid.",
    sql: `
      select p.id as "paymentId", p.order_id as "orderId", p.status, p.paid, coalesce(l.amount, 0) as booked
      from payments p left join (
        select payment_id, sum(amount) as amount from ledger_transfers
        where what in ('payment', 'payment-in-review') group by 1
      ) l on l.payment_id = p.id
      where p.paid <> coalesce(l.amount, 0)`,
  },
  {
    invariant,
    database,
    broken: 'refunds whose money is not in the ledger as it moved',
    remedy:
      "Compare with the provider's refund. The ledger is only ever added to: post the row that is missing, or the difference (docs/invariants.md).",
    sql: `
      select r.id as "refundId", r.payment_id as "paymentId", r.status, r.amount, coalesce(l.amount, 0) as booked
      from refunds r left join (
        select refund_id, sum(case what when 'refund' then amount else -amount end) as amount
        from ledger_transfers where what in ('refund', 'refund-returned') group by 1
      ) l on l.refund_id = r.id
      where coalesce(l.amount, 0) <> case when r.status in ('succeeded', 'paid-twice') then r.amount - r.lessened else 0 end`,
  },
  {
    invariant,
    database,
    broken: 'disputes whose money is not in the ledger as the bank moved it',
    remedy:
      "Compare with the provider's dispute. The ledger is only ever added to: post what is missing (docs/invariants.md).",
    sql: `
      select d.id as "disputeId", d.payment_id as "paymentId", d.status, d.amount, d.withdrawn, d.reinstated,
             coalesce(l.gone, 0) as "bookedGone", coalesce(l.back, 0) as "bookedBack"
      from disputes d left join (
        select dispute_id, sum(amount) filter (where what = 'dispute-withdrawn') as gone,
               sum(amount) filter (where what = 'dispute-reinstated') as back
        from ledger_transfers where dispute_id is not null group by 1
      ) l on l.dispute_id = d.id
      where coalesce(l.gone, 0) <> case when d.withdrawn then d.amount else 0 end
        or coalesce(l.back, 0) <> case when d.reinstated then d.amount else 0 end`,
  },
  {
    invariant,
    database,
    broken: 'payments whose `refunded_total` is not what their refunds have put aside',
    remedy: 'The refunds are right, row by row: set the column to the sum of those that have not failed.',
    sql: `
      select p.id as "paymentId", p.refunded_total as "refundedTotal", coalesce(r.amount, 0) as refunds
      from payments p left join (
        select payment_id, sum(amount - covered) as amount from refunds where status <> 'failed' group by 1
      ) r on r.payment_id = p.id
      where p.refunded_total <> coalesce(r.amount, 0)`,
  },
  {
    invariant,
    database,
    broken: 'payments that ask for another sum than their order costs',
    remedy: 'Refund what was paid too much, and look for who wrote the payment.',
    sql: `
      select p.id as "paymentId", p.order_id as "orderId", p.amount, o.total as owed, p.currency, o.currency as "owedIn"
      from payments p join owed_orders o on o.tenant_id = p.tenant_id and o.order_id = p.order_id
      where p.amount <> o.total or p.currency <> o.currency`,
  },
];
