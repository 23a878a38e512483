import { emailVerificationRequested, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMail } from '../mails/mails.module.js';

@Controller()
export class OnEmailVerificationRequested {
  constructor(@Inject(RecordMail) private readonly mails: RecordMail) {}

  @OnMessage(emailVerificationRequested)
  handle(data: DataOf<typeof emailVerificationRequested>, envelope: Envelope): Promise<void> {
    return this.mails.record('email-verification', data.email, data, envelope);
  }
}
