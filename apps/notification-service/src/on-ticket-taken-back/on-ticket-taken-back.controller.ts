import { ticketTakenBack } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnTicketTakenBack {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(ticketTakenBack)
  handle(messages: Messages<typeof ticketTakenBack>): Promise<void> {
    return this.mails.record('ticket-taken-back', messages, ({ holder }) => holder.email);
  }
}
