import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Identity } from '@app/auth';
import { ticketTransferOffered, type Transfer } from '@app/contracts';
import { RepeatableRequests, type Answer, type RequestKey } from '@app/idempotency';
import { Outbox } from '@app/messaging';
import { notFound, ProblemError } from '@app/problem-details';
import { v7 as uuid } from 'uuid';
import { SignInFailureStore } from '../../identity/identity.module.js';
import { TellEnded } from '../tell-ended.js';
import { TransferStore } from '../transfer.store.js';
import { MOST_OFFERS, refuseOffer, toTransfer, type OfferRefusal } from '../transfer.js';

export class OfferTransferCommand extends Command<Answer<Transfer>> {
  constructor(
    readonly tenantId: string,
    readonly ticketId: string,
    readonly by: Pick<Identity, 'userId' | 'emailVerified'>,
    readonly email: string,
    readonly key: RequestKey | undefined,
  ) {
    super();
  }
}

/** The holder offers a ticket to an e-mail, whether it has an account or not. Until it is accepted nothing changes for the ticket. */
@CommandHandler(OfferTransferCommand)
export class OfferTransferHandler implements ICommandHandler<OfferTransferCommand> {
  constructor(
    private readonly repeatable: RepeatableRequests,
    private readonly store: TransferStore,
    private readonly ended: TellEnded,
    private readonly limits: SignInFailureStore,
    private readonly outbox: Outbox,
  ) {}

  /** @throws ProblemError as `refuseOffer` has it; `too-many-requests` after many mails of this person, or to this address. */
  execute({ tenantId, ticketId, by, email, key }: OfferTransferCommand): Promise<Answer<Transfer>> {
    return this.repeatable.answer({ tenantId, callerId: by.userId, key, status: 201 }, async () => {
      const person = await this.store.person(by.userId);
      const found = await this.store.lockTicket(ticketId);
      if (!found) throw notFound('This ticket');
      const { ticket, event, facts } = found;
      const { lateId, ...before } = await this.store.offersOf(ticketId);
      const refusal = refuseOffer({ ticket, event, by: person, to: email, ...before });
      if (refusal) throw problemOf(refusal);
      await this.limits.admitTransfer(by, email);
      // The place of one whose end the timer has not seen.
      if (lateId) await this.store.expire([lateId]).then(() => this.ended.of([lateId]));

      const id = uuid();
      const { holderVersion } = ticket;
      const offer = { id, ticketId, eventId: facts.id, fromUser: by.userId, toEmail: email, holderVersion };
      if (!(await this.store.add(offer))) throw new ProblemError('transfer-pending');
      const transfer = toTransfer((await this.store.find(id))!);
      const { expiresAt } = transfer;
      const from = await this.store.party(by.userId);
      await this.outbox.add(ticketTransferOffered, {
        tenantId,
        data: { transferId: id, ticketId, event: facts, from, email, expiresAt },
      });
      return transfer;
    });
  }
}

function problemOf(refusal: OfferRefusal): ProblemError {
  switch (refusal) {
    case 'not-found':
      return notFound('This ticket');
    case 'to-oneself':
      return new ProblemError('validation-failed', 'You hold this ticket already.', {
        errors: [{ path: 'email', message: 'is your own' }],
      });
    case 'ticket-checked-in':
      return new ProblemError(refusal, 'The ticket was used and cannot be handed on.');
    case 'limit-exceeded':
      return new ProblemError(refusal, `A ticket is offered ${MOST_OFFERS} times a day at most.`);
    default:
      return new ProblemError(refusal);
  }
}
