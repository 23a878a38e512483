import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { orderMailRequested, type TimelineStep } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { notFound, ProblemError } from '@app/problem-details';
import { type Answer, RepeatableRequests, type RequestKey } from '@app/idempotency';
import { confirmationOf } from '../confirm-order/confirm-order.js';
import { NoteRepair, type Repairer } from '../note-repair/note-repair.js';
import { OrderStore } from '../order.store.js';
import { TicketStore } from '../ticket.store.js';

export class ResendMailCommand {
  constructor(
    readonly tenantId: string,
    readonly orderId: string,
    readonly by: Repairer,
    readonly key: RequestKey | undefined,
  ) {}
}

/** The mail with the tickets once more, as a new mail: notification-service writes and sends it. */
@CommandHandler(ResendMailCommand)
export class ResendMailHandler implements ICommandHandler<ResendMailCommand> {
  constructor(
    private readonly repeatable: RepeatableRequests,
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly repairs: NoteRepair,
    private readonly outbox: Outbox,
  ) {}

  execute({ tenantId, orderId, by, key }: ResendMailCommand): Promise<Answer<TimelineStep>> {
    return this.repeatable.answer({ tenantId, callerId: by.userId, key, status: 202 }, async () => {
      const order = await this.orders.lock(orderId);
      if (!order) throw notFound('The order');
      // The file with the tickets has those that were used as well, and none that somebody else holds by now.
      const tickets = await this.tickets.lockOf(orderId);
      const printed = tickets.filter((ticket) => isPrinted(ticket) && !ticket.transferred);
      if (!order.confirmedHow || printed.length === 0) throw nothingToResend(order.status, tickets);
      const step = await this.repairs.note(orderId, 'mail-requested', by);
      await this.outbox.add(orderMailRequested, { tenantId, data: confirmationOf(order, order.confirmedHow, printed) });
      return step;
    });
  }
}

const isPrinted = ({ status }: { status: string }) => status === 'valid' || status === 'checked_in';

const nothingToResend = (orderStatus: string, tickets: readonly { status: string }[]) =>
  new ProblemError(
    'nothing-to-resend',
    tickets.some(({ status }) => status === 'frozen')
      ? 'The tickets of this order are frozen while its payment is disputed, and for good if that is lost.'
      : `This order is ${orderStatus} and has no ticket that would be sent.`,
  );
