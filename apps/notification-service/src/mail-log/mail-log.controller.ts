import { FindMailLog, type MailLog } from '@app/contracts';
import { InternalPost } from '@app/http';
import { Body, Controller, Inject } from '@nestjs/common';
import { MailLogStore } from './mail-log.store.js';

/** For ticket-api, when organizers and buyers look what became of the mails. */
@Controller()
export class MailLogController {
  constructor(@Inject(MailLogStore) private readonly store: MailLogStore) {}

  @InternalPost('/internal/mails/log', { body: FindMailLog, callers: ['ticket-api'] })
  find(@Body() wanted: FindMailLog): Promise<MailLog> {
    return this.store.read(wanted);
  }
}
