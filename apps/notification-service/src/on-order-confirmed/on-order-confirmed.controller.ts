import { orderConfirmed, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMail } from '../mails/mails.module.js';

@Controller()
export class OnOrderConfirmed {
  constructor(@Inject(RecordMail) private readonly mails: RecordMail) {}

  @OnMessage(orderConfirmed)
  handle(data: DataOf<typeof orderConfirmed>, envelope: Envelope): Promise<void> {
    return this.mails.record('order-confirmed', data.buyer.email, data, envelope);
  }
}
