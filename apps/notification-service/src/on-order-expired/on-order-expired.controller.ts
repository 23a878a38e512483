import { orderExpired } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnOrderExpired {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(orderExpired)
  handle(messages: Messages<typeof orderExpired>): Promise<void> {
    return this.mails.record('order-expired', messages, ({ buyer }) => buyer.email);
  }
}
