import { orderConfirmed } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnOrderConfirmed {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(orderConfirmed)
  handle(messages: Messages<typeof orderConfirmed>): Promise<void> {
    return this.mails.record('order-confirmed', messages, ({ buyer }) => buyer.email);
  }
}
