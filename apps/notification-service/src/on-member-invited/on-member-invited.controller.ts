import { memberInvited } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMails } from '../mails/mails.module.js';

@Controller()
export class OnMemberInvited {
  constructor(@Inject(RecordMails) private readonly mails: RecordMails) {}

  @OnMessages(memberInvited)
  handle(messages: Messages<typeof memberInvited>): Promise<void> {
    return this.mails.record('member-invited', messages, ({ email }) => email);
  }
}
