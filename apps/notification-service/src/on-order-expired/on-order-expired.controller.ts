import { orderExpired, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMail } from '../mails/mails.module.js';

@Controller()
export class OnOrderExpired {
  constructor(@Inject(RecordMail) private readonly mails: RecordMail) {}

  @OnMessage(orderExpired)
  handle(data: DataOf<typeof orderExpired>, envelope: Envelope): Promise<void> {
    return this.mails.record('order-expired', data.buyer.email, data, envelope);
  }
}
