import { ticketTransferEnded } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

/** Who withdrew it knows, and whose ticket was used or given back hears of that. */
@Controller()
export class OnTicketTransferEnded {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(ticketTransferEnded)
  handle(messages: Messages<typeof ticketTransferEnded>): Promise<void> {
    const unexpected = messages.filter(({ data: { status } }) => status !== 'withdrawn');
    return this.mails.record('transfer-ended', unexpected, ({ from }) => from.email);
  }
}
