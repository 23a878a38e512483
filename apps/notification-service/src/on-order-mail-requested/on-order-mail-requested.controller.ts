import { orderMailRequested } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

/** The same mail as at first, as a new one: a message of its own makes a Message-ID of its own. */
@Controller()
export class OnOrderMailRequested {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(orderMailRequested)
  handle(messages: Messages<typeof orderMailRequested>): Promise<void> {
    return this.mails.record('order-confirmed', messages, ({ buyer }) => buyer.email);
  }
}
