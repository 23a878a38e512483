import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ProblemError } from '@app/problem-details';
import { OwnTransfers, transferEnded } from '../own-transfer.js';
import { TellEnded } from '../tell-ended.js';
import { TransferStore } from '../transfer.store.js';

export class WithdrawTransferCommand extends Command<void> {
  constructor(
    readonly transferId: string,
    readonly userId: string,
  ) {
    super();
  }
}

/** Whoever made the offer takes it back. */
@CommandHandler(WithdrawTransferCommand)
export class WithdrawTransferHandler implements ICommandHandler<WithdrawTransferCommand> {
  constructor(
    private readonly own: OwnTransfers,
    private readonly store: TransferStore,
    private readonly ended: TellEnded,
  ) {}

  /** Withdrawing twice is withdrawing once. @throws ProblemError `transfer-ended`; `forbidden` to whom it is offered */
  execute({ transferId, userId }: WithdrawTransferCommand): Promise<void> {
    return this.own.with(transferId, userId, async ({ part }) => {
      if (part !== 'giver') throw new ProblemError('forbidden', 'Who made the offer withdraws it; you may decline it.');
      if (await this.store.end(transferId, 'withdrawn', 'holder')) return this.ended.of([transferId]);
      const after = (await this.store.find(transferId))!;
      if (after.status !== 'withdrawn') throw transferEnded(after);
    });
  }
}
