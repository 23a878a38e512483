import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { ListMailsController } from './list-mails.controller.js';
import { ReadMailLog } from './read-mail-log.js';

/** What became of the mails about an order or an event, as notification-service tells it. */
@Module({ imports: [AuthorizationModule], controllers: [ListMailsController], providers: [ReadMailLog] })
export class MailLogModule {}
