import { ticketTransferOffered } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnTicketTransferOffered {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(ticketTransferOffered)
  handle(messages: Messages<typeof ticketTransferOffered>): Promise<void> {
    return this.mails.record('transfer-offered', messages, ({ email }) => email);
  }
}
