import { ticketListingEnded } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnTicketListingEnded {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(ticketListingEnded)
  handle(messages: Messages<typeof ticketListingEnded>): Promise<void> {
    return this.mails.record('listing-ended', messages, ({ buyer }) => buyer.email);
  }
}
