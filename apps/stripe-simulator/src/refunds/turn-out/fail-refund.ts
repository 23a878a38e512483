import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { Refusal } from '../../admin/refusal.js';
import { noSuch } from '../../api/stripe-error.js';
import { AccountDatabase } from '../../database/account-database.js';
import { findRow } from '../../database/rows.js';
import { FAILURE_REASONS, refundObject, type RefundRow } from '../refund.js';
import { RefundTurns } from './refund-turns.js';

const Failure = z.strictObject({ failureReason: z.enum(FAILURE_REASONS).default('unknown') });

/** Lets a refund fail now, also one that had succeeded. */
@Injectable()
export class FailRefund {
  constructor(
    @Inject(AdminRoutes) routes: AdminRoutes,
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(RefundTurns) private readonly turns: RefundTurns,
  ) {
    routes.add('POST', '/refunds/:id/fail', Failure, ({ failureReason }, id) => this.fail(id, failureReason));
  }

  /** @throws StripeError 404, or Refusal 409 for one that has failed already */
  private fail(id: string, failure_reason: (typeof FAILURE_REASONS)[number]): Promise<object> {
    return this.database.transaction(async (transaction) => {
      const refund = await findRow<RefundRow>(transaction, 'refund', id, { forUpdate: true });
      if (!refund) throw noSuch('refund', id);
      if (refund.status === 'failed') throw new Refusal(409, `The refund ${id} has failed already.`);
      return refundObject(await this.turns.take(transaction, refund, { status: 'failed', failure_reason }));
    });
  }
}
