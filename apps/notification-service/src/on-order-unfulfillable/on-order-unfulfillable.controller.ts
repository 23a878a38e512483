import { orderUnfulfillable, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMail } from '../mails/mails.module.js';

@Controller()
export class OnOrderUnfulfillable {
  constructor(@Inject(RecordMail) private readonly mails: RecordMail) {}

  @OnMessage(orderUnfulfillable)
  handle(data: DataOf<typeof orderUnfulfillable>, envelope: Envelope): Promise<void> {
    return this.mails.record('order-unfulfillable', data.buyer.email, data, envelope);
  }
}
