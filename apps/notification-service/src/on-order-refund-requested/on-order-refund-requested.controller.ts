import { orderRefundRequested } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnOrderRefundRequested {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(orderRefundRequested)
  handle(messages: Messages<typeof orderRefundRequested>): Promise<void> {
    return this.mails.record('refund-requested', messages, ({ buyer }) => buyer.email);
  }
}
