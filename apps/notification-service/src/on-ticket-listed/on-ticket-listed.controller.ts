import { ticketListed } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnTicketListed {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(ticketListed)
  handle(messages: Messages<typeof ticketListed>): Promise<void> {
    return this.mails.record('ticket-listed', messages, ({ buyer }) => buyer.email);
  }
}
