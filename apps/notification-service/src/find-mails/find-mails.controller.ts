import { FindMails, type MailsOfPerson } from '@app/contracts';
import { InternalPost } from '@app/http';
import { Body, Controller, Inject } from '@nestjs/common';
import { MailsOfPersonStore } from './mails-of-person.store.js';

/** For ticket-api, when a person asks for everything that is held. */
@Controller()
export class FindMailsController {
  constructor(@Inject(MailsOfPersonStore) private readonly store: MailsOfPersonStore) {}

  @InternalPost('/internal/mails/find', { body: FindMails, callers: ['ticket-api'] })
  find(@Body() person: FindMails): Promise<MailsOfPerson> {
    return this.store.read(person);
  }
}
