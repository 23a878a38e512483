import { Module } from '@nestjs/common';
import { DeliverMail } from './deliver-mail.js';
import { EventCalendar } from './event-calendar.js';
import { MadeByTicketApi } from './made-by-ticket-api.js';
import { MailMetrics } from './mail-metrics.js';
import { MailProgress } from './mail-progress.js';
import { MailSender } from './mail-sender.js';
import { MailStore } from './mail.store.js';
import { RecordMails } from './record-mails.js';
import { SmtpServer } from './smtp-server.js';
import { TicketsPdf } from './tickets-pdf.js';

export { RecordMails } from './record-mails.js';

@Module({
  providers: [
    MailStore,
    RecordMails,
    MailSender,
    DeliverMail,
    SmtpServer,
    TicketsPdf,
    EventCalendar,
    MadeByTicketApi,
    MailMetrics,
    MailProgress,
  ],
  exports: [RecordMails],
})
export class MailsModule {}
