import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RefundCase } from '@app/contracts';
import type { Answer } from '@app/idempotency';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { DisputeStore } from '../../disputes/disputes.module.js';
import { PayRefunds } from '../pay-refunds/pay-refunds.js';
import { notFailed, RefundCases, type Decision } from '../refund-cases.js';
import { RefundProgress } from '../refund-progress.js';

export class RetryRefundCommand extends Command<Answer<RefundCase>> {
  constructor(readonly decision: Decision) {
    super();
  }
}

/** A person has seen to the cause of the failure: the provider is asked once more. Asking again meanwhile changes nothing. */
@CommandHandler(RetryRefundCommand)
export class RetryRefundHandler implements ICommandHandler<RetryRefundCommand> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RefundCases) private readonly cases: RefundCases,
    @Inject(DisputeStore) private readonly disputes: DisputeStore,
    @Inject(RefundProgress) private readonly progress: RefundProgress,
    @Inject(PayRefunds) private readonly paying: PayRefunds,
  ) {}

  /** @throws ProblemError `refund-not-failed`, `payment-disputed`, `nothing-to-refund`, and those of `RefundCases.take`. */
  execute({ decision }: RetryRefundCommand): Promise<Answer<RefundCase>> {
    return this.cases.take(decision, 202, async (refund, payment, by) => {
      if (refund.status === 'pending' && refund.round > 0) return;
      if (refund.status !== 'failed') throw notFailed(refund);
      if (await this.disputes.barsRefunds(refund.paymentId)) throw new ProblemError('payment-disputed');
      if (!(await this.progress.retry(refund, payment, by)))
        throw new ProblemError('nothing-to-refund', 'Less than that is left of what was paid.');
      this.database.current().afterCommit(() => this.paying.wake());
    });
  }
}
