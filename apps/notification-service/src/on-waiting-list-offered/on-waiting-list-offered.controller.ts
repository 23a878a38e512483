import { waitingListOffered } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnWaitingListOffered {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(waitingListOffered)
  handle(messages: Messages<typeof waitingListOffered>): Promise<void> {
    return this.mails.record('waiting-list-offer', messages, ({ buyer }) => buyer.email);
  }
}
