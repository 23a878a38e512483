import { orderCancelled, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMail } from '../mails/mails.module.js';

@Controller()
export class OnOrderCancelled {
  constructor(@Inject(RecordMail) private readonly mails: RecordMail) {}

  @OnMessage(orderCancelled)
  handle(data: DataOf<typeof orderCancelled>, envelope: Envelope): Promise<void> {
    return this.mails.record('order-cancelled', data.buyer.email, data, envelope);
  }
}
