import { memberInvited, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMail } from '../mails/mails.module.js';

@Controller()
export class OnMemberInvited {
  constructor(@Inject(RecordMail) private readonly mails: RecordMail) {}

  @OnMessage(memberInvited)
  handle(data: DataOf<typeof memberInvited>, envelope: Envelope): Promise<void> {
    return this.mails.record('member-invited', data.email, data, envelope);
  }
}
