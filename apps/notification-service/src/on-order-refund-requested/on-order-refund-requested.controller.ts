import { orderRefundRequested, type DataOf, type Envelope } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RecordMail } from '../mails/mails.module.js';

@Controller()
export class OnOrderRefundRequested {
  constructor(@Inject(RecordMail) private readonly mails: RecordMail) {}

  @OnMessage(orderRefundRequested)
  handle(data: DataOf<typeof orderRefundRequested>, envelope: Envelope): Promise<void> {
    return this.mails.record('refund-requested', data.buyer.email, data, envelope);
  }
}
