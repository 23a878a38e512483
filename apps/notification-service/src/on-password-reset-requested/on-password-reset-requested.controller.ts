import { passwordResetRequested } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnPasswordResetRequested {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(passwordResetRequested)
  handle(messages: Messages<typeof passwordResetRequested>): Promise<void> {
    return this.mails.record('password-reset', messages, ({ email }) => email);
  }
}
