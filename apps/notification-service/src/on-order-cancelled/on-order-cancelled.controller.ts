import { orderCancelled } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnOrderCancelled {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(orderCancelled)
  handle(messages: Messages<typeof orderCancelled>): Promise<void> {
    return this.mails.record('order-cancelled', messages, ({ buyer }) => buyer.email);
  }
}
