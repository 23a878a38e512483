import { Inject, Injectable } from '@nestjs/common';
import type { RefundCase } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { Organizers } from '../organizers/organizers.module.js';
import { PaymentStore, type Payment } from '../payments/payments.module.js';
import type { Refund } from './refund-row.js';
import { RefundStore } from './refund.store.js';

/** Refunds in the hands of the people who organize what they are for. */
@Injectable()
export class RefundCases {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Organizers) private readonly organizers: Organizers,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(RefundStore) private readonly refunds: RefundStore,
  ) {}

  /**
   * Runs `decide` in a transaction that has the refund and its payment locked. @returns the refund as it is after that
   * @throws ProblemError `not-found`, also for a refund of an organization that the person does not look after;
   * `service-unavailable` while ticket-api is away.
   */
  async take(
    userId: string,
    refundId: string,
    decide: (refund: Refund, payment: Payment) => Promise<void>,
  ): Promise<RefundCase> {
    const tenantId = await this.tenantOf(userId, refundId);
    return this.database.asTenant(tenantId, async (transaction) => {
      const payment = await this.payments.lock(await this.refunds.paymentOf(refundId));
      const refund = await this.refunds.lock(refundId);
      if (!refund) throw notFound('The refund');
      await decide(refund, payment);
      const [after] = await transaction.query<RefundCase>(`${REFUND_CASE} where id = $1`, [refundId]);
      return after as RefundCase;
    });
  }

  private async tenantOf(userId: string, refundId: string): Promise<string> {
    const tenantId = await this.refunds.locate(refundId);
    if (!tenantId) throw notFound('The refund');
    await this.organizers.tenantsOf(userId, tenantId).catch((error: unknown) => {
      throw error instanceof ProblemError && error.code === 'forbidden' ? notFound('The refund') : error;
    });
    return tenantId;
  }
}

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Selects refunds as their organizers see them (`RefundCase`). */
export const REFUND_CASE = `
  select id, tenant_id as "organizationId", order_id as "orderId", payment_id as "paymentId",
    json_build_object('amount', amount, 'currency', currency) as amount, status, reason, failure, ${time('updated_at')} as since,
    case when note is not null then json_build_object('by', decided_by, 'note', note, 'at', ${time('decided_at')}) end as settlement
  from refunds`;
