import { orderUnfulfillable } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnOrderUnfulfillable {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(orderUnfulfillable)
  handle(messages: Messages<typeof orderUnfulfillable>): Promise<void> {
    return this.mails.record('order-unfulfillable', messages, ({ buyer }) => buyer.email);
  }
}
