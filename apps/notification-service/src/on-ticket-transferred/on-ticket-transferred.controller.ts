import { ticketTransferred } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

/** Both sides hear of it; the new one with the ticket. */
@Controller()
export class OnTicketTransferred {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(ticketTransferred)
  async handle(messages: Messages<typeof ticketTransferred>): Promise<void> {
    await this.mails.record('ticket-received', messages, ({ to }) => to.email);
    await this.mails.record('transfer-accepted', messages, ({ from }) => from.email);
  }
}
