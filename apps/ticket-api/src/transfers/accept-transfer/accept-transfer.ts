import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ticketTransferred, type Transfer } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { OwnTransfers, requireAddressee, transferEnded } from '../own-transfer.js';
import { TransferStore } from '../transfer.store.js';
import { toTransfer, type StoredTransfer } from '../transfer.js';

export class AcceptTransferCommand extends Command<Transfer> {
  constructor(
    readonly transferId: string,
    readonly userId: string,
  ) {
    super();
  }
}

/**
 * The ticket has another holder, and every code that it had is dead, in one transaction (hard case 24). Whatever else happens to the
 * ticket at that moment comes before or after: a ticket that was used, given back, frozen or handed on is not taken.
 */
@CommandHandler(AcceptTransferCommand)
export class AcceptTransferHandler implements ICommandHandler<AcceptTransferCommand> {
  constructor(
    private readonly own: OwnTransfers,
    private readonly database: Database,
    private readonly store: TransferStore,
    private readonly outbox: Outbox,
  ) {}

  /** Accepting what one has accepted is answered as the first time. @throws ProblemError `transfer-ended`, `transfers-closed` */
  execute({ transferId, userId }: AcceptTransferCommand): Promise<Transfer> {
    return this.own.with(transferId, userId, async (own) => {
      const { transfer } = own;
      requireAddressee(own);
      if (isTakenBy(transfer, userId)) return toTransfer(transfer);
      if (transfer.status !== 'pending') throw transferEnded(transfer);
      const { event, facts } = await this.store.eventOf(transfer.eventId);
      if (event.isClosed || !event.isAllowed) throw new ProblemError('transfers-closed');

      if (!(await this.store.handOver(transfer, userId))) return this.answeredBefore(transferId, userId);
      // Thrown, so that the ticket stays whose it was.
      if (!(await this.store.accept(transferId, userId))) throw await this.ended(transferId);
      const [from, to] = [await this.store.party(transfer.from.id), await this.store.party(userId)];
      await this.outbox.add(ticketTransferred, {
        tenantId: this.database.current().tenantId!,
        data: { transferId, ticketId: transfer.ticketId, event: facts, from, to },
      });
      return toTransfer((await this.store.find(transferId))!);
    });
  }

  /** Somebody was quicker: perhaps the same person, by another click. */
  private async answeredBefore(transferId: string, userId: string): Promise<Transfer> {
    const after = await this.store.find(transferId);
    if (after && isTakenBy(after, userId)) return toTransfer(after);
    throw await this.ended(transferId);
  }

  /** How it ended can be read by now. */
  private async ended(transferId: string): Promise<ProblemError> {
    const after = await this.store.find(transferId);
    return after ? transferEnded(after) : new ProblemError('transfer-ended');
  }
}

const isTakenBy = ({ status, to }: StoredTransfer, userId: string) => status === 'accepted' && to?.id === userId;
