import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Transfer } from '@app/contracts';
import { OwnTransfers, requireAddressee, transferEnded } from '../own-transfer.js';
import { TellEnded } from '../tell-ended.js';
import { TransferStore } from '../transfer.store.js';
import { toTransfer } from '../transfer.js';

export class DeclineTransferCommand extends Command<Transfer> {
  constructor(
    readonly transferId: string,
    readonly userId: string,
  ) {
    super();
  }
}

/** The ticket stays whose it is. */
@CommandHandler(DeclineTransferCommand)
export class DeclineTransferHandler implements ICommandHandler<DeclineTransferCommand> {
  constructor(
    private readonly own: OwnTransfers,
    private readonly store: TransferStore,
    private readonly ended: TellEnded,
  ) {}

  /** Declining twice is declining once. @throws ProblemError `transfer-ended` */
  execute({ transferId, userId }: DeclineTransferCommand): Promise<Transfer> {
    return this.own.with(transferId, userId, async (own) => {
      requireAddressee(own);
      if (await this.store.end(transferId, 'declined', 'addressee')) await this.ended.of([transferId]);
      const after = (await this.store.find(transferId))!;
      if (after.status !== 'declined') throw transferEnded(after);
      return toTransfer(after);
    });
  }
}
