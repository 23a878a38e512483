import { emailVerificationRequested } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnEmailVerificationRequested {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(emailVerificationRequested)
  handle(messages: Messages<typeof emailVerificationRequested>): Promise<void> {
    return this.mails.record('email-verification', messages, ({ email }) => email);
  }
}
