import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { Payment } from '../payments/payments.module.js';
import { uuidOrNull } from '../stripe/stripe.module.js';
import type { StaffMember } from '../organizers/organizers.module.js';
import type { RefundStatus } from './refund.js';
import { sumOf, type Parts, type Settlement } from './settlement.js';
import { REFUND_COLUMNS, toRefund, type Refund, type RefundOrigin, type RefundRow } from './refund-row.js';

export interface NewRefund {
  id: string;
  payment: Payment;
  amount: Refund['amount'];
  origin: RefundOrigin;
  reason: string;
  correlationId: string;
  providerRefundId?: string;
  /** Why it will never be made; it then begins as failed. */
  failure?: string;
  /** What refunds made in the provider's dashboard are of it; if that is all of it, nothing has to move. */
  parts?: Parts;
}

const NEW =
  'id, tenant_id, order_id, payment_id, user_id, origin, reason, amount, currency, correlation_id, provider_refund_id, status, failure, covered, covered_by, lessened';

const toRow = ({ payment, amount, correlationId, providerRefundId, failure, parts = [], ...refund }: NewRefund) => ({
  ...refund,
  covered: sumOf(parts),
  covered_by: parts.map((part) => part.providerRefundId),
  lessened: providerRefundId ? 0 : sumOf(parts),
  tenant_id: payment.tenantId,
  order_id: payment.orderId,
  payment_id: payment.id,
  user_id: payment.userId,
  amount: amount.amount,
  currency: amount.currency,
  correlation_id: correlationId,
  provider_refund_id: providerRefundId ?? null,
  status: failure !== undefined ? 'failed' : providerRefundId || sumOf(parts) < amount.amount ? 'pending' : 'succeeded',
  failure: failure ?? null,
});

/** Refunds, inside the open transaction of their tenant. */
@Injectable()
export class RefundStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  async insert(refund: NewRefund): Promise<Refund> {
    const [inserted] = await this.insertAll([refund]);
    return inserted!;
  }

  async insertAll(refunds: readonly NewRefund[]): Promise<Refund[]> {
    if (refunds.length === 0) return [];
    const rows = await this.database
      .current()
      .query<RefundRow>(
        `insert into refunds (${NEW}) select ${NEW} from json_populate_recordset(null::refunds, $1) returning ${REFUND_COLUMNS}`,
        [JSON.stringify(refunds.map(toRow))],
      );
    await this.cover(refunds.flatMap(({ parts = [] }) => parts));
    return rows.map(toRefund);
  }

  /** Refunds made in the dashboard are part of one of ours, of which the provider is asked for the rest only. */
  async lessen(refundId: string, parts: Parts): Promise<Refund> {
    await this.cover(parts);
    const [row] = await this.database.current().query<RefundRow>(
      `update refunds set covered = covered + $2, lessened = lessened + $2, covered_by = covered_by || $3::text[], updated_at = now()
       where id = $1 returning ${REFUND_COLUMNS}`,
      [refundId, sumOf(parts), parts.map(({ providerRefundId }) => providerRefundId)],
    );
    return toRefund(row as RefundRow);
  }

  private async cover(parts: Parts): Promise<void> {
    if (parts.length === 0) return;
    await this.database.current().execute(
      `update refunds set covers = covers + part.amount
       from (select id, sum(amount)::bigint as amount from unnest($1::uuid[], $2::bigint[]) as part (id, amount) group by id) part
       where refunds.id = part.id`,
      [parts.map(({ id }) => id), parts.map(({ amount }) => amount)],
    );
  }

  /** Which of these there are. */
  async known(refundIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database
      .current()
      .query<{ id: string }>('select id from refunds where id = any($1)', [refundIds]);
    return new Set(rows.map(({ id }) => id));
  }

  /** The tenant of a refund; undefined when there is no such id. */
  async locate(refundId: string): Promise<string | undefined> {
    const [found] = await this.database.lookUp<{ tenant_id: string }>('select tenant_id from locate_refund($1)', [
      refundId,
    ]);
    return found?.tenant_id;
  }

  /** The payment that bears a refund; never changes. @throws when there is no such refund here. */
  async paymentOf(refundId: string): Promise<string> {
    const [row] = await this.database
      .current()
      .query<{ payment_id: string }>('select payment_id from refunds where id = $1', [refundId]);
    if (!row) throw new Error(`Refund ${refundId} does not exist here.`);
    return row.payment_id;
  }

  /** By our id, if it is one, or by the provider's, which says more; locked. */
  async lock(refundId: string | null, providerRefundId?: string): Promise<Refund | undefined> {
    const [row] = await this.database.current().query<RefundRow>(
      `select ${REFUND_COLUMNS} from refunds where id = $1::uuid or provider_refund_id = $2
         order by provider_refund_id is not distinct from $2 desc limit 1 for no key update`,
      [uuidOrNull(refundId), providerRefundId ?? null],
    );
    return row && toRefund(row);
  }

  async save(refundId: string, status: RefundStatus, failure: string | null): Promise<void> {
    await this.database
      .current()
      .execute('update refunds set status = $2, failure = $3, updated_at = now() where id = $1', [
        refundId,
        status,
        failure,
      ]);
  }

  /** A new try at the provider, which the earlier one's late news do not touch. `by`: the person who wants it, if it is one. */
  async retry(refundId: string, by?: StaffMember): Promise<void> {
    await this.database.current().execute(
      `update refunds set status = 'pending', failure = null, round = round + 1, attempts = 0, due_at = now(),
         spent_provider_ids = array_remove(spent_provider_ids || provider_refund_id, null), provider_refund_id = null,
         decided_by = coalesce($2, decided_by), decided_by_name = coalesce($3, decided_by_name),
         decided_at = case when $2::uuid is null then decided_at else now() end, updated_at = now()
       where id = $1`,
      [refundId, by?.id ?? null, by?.name ?? null],
    );
  }

  /** A person has paid it back otherwise. */
  async settle(refundId: string, by: StaffMember, { note, parts }: Settlement): Promise<void> {
    await this.cover(parts);
    await this.database.current().execute(
      `update refunds set status = 'settled', round = round + 1, decided_by = $2, decided_by_name = $3, decided_at = now(), note = $4,
         covered = covered + $5, covered_by = covered_by || $6::text[], updated_at = now()
       where id = $1`,
      [refundId, by.id, by.name, note, sumOf(parts), parts.map(({ providerRefundId }) => providerRefundId)],
    );
  }

  /** Counts what the other services are told of a refund, which is locked. Of one that is not kept they hear once. */
  async nextSequence(refundId: string): Promise<number> {
    const [row] = await this.database
      .current()
      .query<{ told: number }>('update refunds set told = told + 1 where id = $1 returning told', [refundId]);
    return row?.told ?? 1;
  }

  async noteProviderId(refundId: string, providerRefundId: string): Promise<void> {
    await this.database
      .current()
      .execute('update refunds set provider_refund_id = $2 where id = $1 and provider_refund_id is null', [
        refundId,
        providerRefundId,
      ]);
  }
}
