import { accountSecured } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnAccountSecured {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(accountSecured)
  handle(messages: Messages<typeof accountSecured>): Promise<void> {
    return this.mails.record('account-secured', messages, ({ email }) => email);
  }
}
