import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RefundCase, SettleRefund } from '@app/contracts';
import type { Answer } from '@app/idempotency';
import { ProblemError } from '@app/problem-details';
import { DisputeStore } from '../../disputes/disputes.module.js';
import { MadeByHandStore } from '../made-by-hand.store.js';
import { notFailed, RefundCases, type Decision } from '../refund-cases.js';
import { RefundProgress } from '../refund-progress.js';
import type { Refund } from '../refund-row.js';
import { cover, type Settlement } from '../settlement.js';

export class SettleRefundCommand extends Command<Answer<RefundCase>> {
  constructor(
    readonly decision: Decision,
    readonly how: SettleRefund,
  ) {
    super();
  }
}

/** A person has paid a failed refund back past us: at the provider, or otherwise. Saying the same again changes nothing. */
@CommandHandler(SettleRefundCommand)
export class SettleRefundHandler implements ICommandHandler<SettleRefundCommand> {
  constructor(
    @Inject(RefundCases) private readonly cases: RefundCases,
    @Inject(DisputeStore) private readonly disputes: DisputeStore,
    @Inject(MadeByHandStore) private readonly byHand: MadeByHandStore,
    @Inject(RefundProgress) private readonly progress: RefundProgress,
  ) {}

  /**
   * @throws ProblemError `refund-not-failed`, `payment-disputed`, `settlement-differs`, `nothing-to-refund`, `validation-failed`
   * for a refund of the provider that is not known as one of this payment, and those of `RefundCases.take`.
   */
  execute({ decision, how }: SettleRefundCommand): Promise<Answer<RefundCase>> {
    return this.cases.take(decision, 200, async (refund, payment, by) => {
      if (refund.status === 'settled' && isSaidAgain(refund, how)) return;
      if (refund.status !== 'failed') throw notFailed(refund);
      // Once it is lost the bank has paid it: that is what a person may note.
      if (await this.disputes.isOpen(refund.paymentId)) throw new ProblemError('payment-disputed');
      const settlement = await this.settlementOf(refund, how);
      if (!(await this.progress.settle(refund, payment, by, settlement)))
        throw new ProblemError('nothing-to-refund', 'Less than that is left of what was paid.');
    });
  }

  private async settlementOf({ paymentId, amount, covered }: Refund, how: SettleRefund): Promise<Settlement> {
    const { note, providerRefunds: names = [], paidOtherwise } = how;
    const made = await this.byHand.named(paymentId, names);
    const unknown = names.findIndex((name) => !made.some(({ providerRefundId }) => providerRefundId === name));
    if (unknown >= 0)
      throw new ProblemError(
        'validation-failed',
        'A refund named is not known as one of this payment that has moved.',
        {
          errors: [
            { path: `providerRefunds.${unknown}`, message: "was not made of this payment in the provider's dashboard" },
          ],
        },
      );
    const { parts, open } = cover(amount.amount - covered, made);
    const otherwise = paidOtherwise ?? { ...amount, amount: names.length === 0 ? open : 0 };
    if (otherwise.currency !== amount.currency)
      throw new ProblemError(
        'settlement-differs',
        `The refund is in ${amount.currency}; paid otherwise was said in ${otherwise.currency}.`,
      );
    if (otherwise.amount !== open)
      throw new ProblemError(
        'settlement-differs',
        `The refunds named leave ${open} of ${amount.amount} (${amount.currency}, minor units) open; paid otherwise was ${otherwise.amount}.`,
      );
    return { note, parts };
  }
}

const isSaidAgain = ({ note, coveredBy }: Refund, { note: said, providerRefunds = [] }: SettleRefund) =>
  note === said && providerRefunds.every((id) => coveredBy.includes(id));
