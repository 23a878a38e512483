import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RefundCase } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import { RefundCases } from '../refund-cases.js';
import { RefundProgress } from '../refund-progress.js';

export class SettleRefundCommand extends Command<RefundCase> {
  constructor(
    readonly userId: string,
    readonly refundId: string,
    /** How it was paid back. */
    readonly note: string,
  ) {
    super();
  }
}

/** A person has paid a failed refund back past the provider. Saying the same again changes nothing. */
@CommandHandler(SettleRefundCommand)
export class SettleRefundHandler implements ICommandHandler<SettleRefundCommand> {
  constructor(
    @Inject(RefundCases) private readonly cases: RefundCases,
    @Inject(RefundProgress) private readonly progress: RefundProgress,
  ) {}

  /** @throws ProblemError `refund-not-failed`, `nothing-to-refund`, and those of `RefundCases.take`. */
  execute({ userId, refundId, note }: SettleRefundCommand): Promise<RefundCase> {
    return this.cases.take(userId, refundId, async (refund, payment) => {
      if (refund.status === 'settled' && refund.note === note) return;
      if (refund.status !== 'failed') throw new ProblemError('refund-not-failed');
      if (!(await this.progress.settle(refund, payment, userId, note)))
        throw new ProblemError('nothing-to-refund', 'Less than that is left of what was paid.');
    });
  }
}
