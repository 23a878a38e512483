import { Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import type { Movement } from '../stripe/stripe.module.js';
import type { Booked } from './difference.js';
import { subjectOf } from './provided.js';

interface Row {
  subject: string;
  tenant_id: string;
  order_id: string;
  payment_id: string;
  refund_id: string | null;
  status: Booked['status'];
  amount: number | null;
  currency: string | null;
}

/** What our books have of the provider's movements; through the tenant's door or, of all tenants, as the job role. */
@Injectable()
export class BooksStore {
  /** By the subject of each movement; those of which nothing is known are missing. */
  async read(transaction: Transaction, movements: readonly Movement[]): Promise<Map<string, Booked>> {
    const { intents, refunds, disputes } = subjectsOf(movements);
    const rows = [
      ...(await transaction.query<Row>(PAYMENTS, [intents])),
      ...(await transaction.query<Row>(REFUNDS, [refunds])),
      ...(await transaction.query<Row>(DISPUTES, [disputes])),
    ];
    return new Map(rows.map((row) => [row.subject, toBooked(row)]));
  }

  /** Notes of payments, refunds and disputes that the provider has the same. */
  async confirm(transaction: Transaction, movements: readonly Movement[]): Promise<void> {
    const { intents, refunds, disputes } = subjectsOf(movements);
    const note = async (table: string, column: string, subjects: readonly string[]) => {
      if (subjects.length > 0)
        await transaction.execute(`update ${table} set compared_at = now() where ${column} = any($1)`, [subjects]);
    };
    await note('payments', 'payment_intent', intents);
    await note('refunds', 'provider_refund_id', refunds);
    await note('disputes', 'provider_dispute_id', disputes);
  }
}

function subjectsOf(movements: readonly Movement[]) {
  const of = (about: Movement['about']) => movements.filter((movement) => movement.about === about).map(subjectOf);
  return { intents: of('payment'), refunds: of('refund'), disputes: of('dispute') };
}

const PAYMENTS = `
  select p.payment_intent as subject, p.tenant_id, p.order_id, p.id as payment_id, null as refund_id, null as status, t.amount, t.currency
  from payments p left join ledger_transfers t on t.payment_id = p.id and t.what in ('payment', 'payment-in-review')
  where p.payment_intent = any($1)`;

const REFUNDS = `
  select r.provider_refund_id as subject, r.tenant_id, r.order_id, r.payment_id, r.id as refund_id,
    -- What a person has paid back moved nothing at the provider.
    case r.status when 'settled' then 'failed' when 'paid-twice' then 'succeeded' else r.status end as status,
    nullif(coalesce((select sum(case t.what when 'refund' then t.amount else -t.amount end) from ledger_transfers t
                     where t.refund_id = r.id and t.what in ('refund', 'refund-returned')), 0), 0)::bigint as amount,
    r.currency
  from refunds r where r.provider_refund_id = any($1)`;

const DISPUTES = `
  select d.provider_dispute_id as subject, d.tenant_id, d.order_id, d.payment_id, null as refund_id, null as status,
    nullif(coalesce((select sum(case t.what when 'dispute-withdrawn' then t.amount else -t.amount end) from ledger_transfers t
                     where t.dispute_id = d.id), 0), 0)::bigint as amount,
    d.currency
  from disputes d where d.provider_dispute_id = any($1)`;

const toBooked = (row: Row): Booked => ({
  tenantId: row.tenant_id,
  orderId: row.order_id,
  paymentId: row.payment_id,
  refundId: row.refund_id,
  status: row.status,
  amount: row.amount === null || row.currency === null ? null : { amount: row.amount, currency: row.currency },
});
