import { Inject, Injectable } from '@nestjs/common';
import { principalId, type Principal } from '@app/auth';
import type { RefundCase } from '@app/contracts';
import { RepeatableRequests, type Answer, type RequestKey } from '@app/idempotency';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { Organizers, type StaffMember } from '../organizers/organizers.module.js';
import { PaymentStore, type Payment } from '../payments/payments.module.js';
import type { RefundStatus } from './refund.js';
import type { Refund } from './refund-row.js';
import { RefundStore } from './refund.store.js';

/** A person's decision on a refund, as it came. */
export interface Decision {
  who: Principal;
  refundId: string;
  key: RequestKey | undefined;
}

/** Refunds in the hands of the people who organize what they are for. */
@Injectable()
export class RefundCases {
  constructor(
    @Inject(RepeatableRequests) private readonly repeatable: RepeatableRequests,
    @Inject(Database) private readonly database: Database,
    @Inject(Organizers) private readonly organizers: Organizers,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(RefundStore) private readonly refunds: RefundStore,
  ) {}

  /**
   * Runs `decide` in a transaction that has the refund and its payment locked. @returns the refund as it is after that
   * @throws ProblemError `not-found`, also for a refund of an organization that the person does not look after;
   * `service-unavailable` while ticket-api is away; those of `RepeatableRequests.answer`.
   */
  async take(
    { who, refundId, key }: Decision,
    status: number,
    decide: (refund: Refund, payment: Payment, by: StaffMember) => Promise<void>,
  ): Promise<Answer<RefundCase>> {
    const tenantId = await this.refunds.locate(refundId);
    if (!tenantId) throw notFound('The refund');
    const role = await this.organizers.roleAt(who, tenantId, 'The refund');
    const by = { id: principalId(who), name: who.name, role };
    return this.repeatable.answer({ tenantId, callerId: by.id, key, status }, async () => {
      const payment = await this.payments.lock(await this.refunds.paymentOf(refundId));
      const refund = await this.refunds.lock(refundId);
      if (!refund) throw notFound('The refund');
      await decide(refund, payment, by);
      const [after] = await this.database.current().query<RefundCase>(`${REFUND_CASE} where id = $1`, [refundId]);
      return after as RefundCase;
    });
  }
}

const STANDING: Readonly<Record<Exclude<RefundStatus, 'failed'>, string>> = {
  pending: 'is on its way',
  succeeded: 'has been made',
  settled: 'is settled',
  'paid-twice': 'was settled, and was made at the provider as well',
};

/** Nobody has to see to it. */
export const notFailed = ({ status }: Refund) =>
  new ProblemError('refund-not-failed', status === 'failed' ? undefined : `This refund ${STANDING[status]}.`);

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Selects refunds as their organizers see them (`RefundCase`). */
export const REFUND_CASE = `
  select id, tenant_id as "organizationId", order_id as "orderId", payment_id as "paymentId",
    json_build_object('amount', amount, 'currency', currency) as amount, status, reason, failure, ${time('updated_at')} as since,
    case when note is not null then json_build_object(
      'by', json_build_object('id', decided_by, 'name', decided_by_name), 'note', note, 'at', ${time('decided_at')},
      'providerRefunds', covered_by, 'covered', json_build_object('amount', covered, 'currency', currency)) end as settlement
  from refunds`;
