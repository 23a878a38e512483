import { Module } from '@nestjs/common';
import { DeliverMail } from './deliver-mail.js';
import { MailMetrics } from './mail-metrics.js';
import { MailSender } from './mail-sender.js';
import { MailStore } from './mail.store.js';
import { RecordMail } from './record-mail.js';
import { SmtpServer } from './smtp-server.js';
import { TicketsPdf } from './tickets-pdf.js';

export { RecordMail } from './record-mail.js';

@Module({
  providers: [MailStore, RecordMail, MailSender, DeliverMail, SmtpServer, TicketsPdf, MailMetrics],
  exports: [RecordMail],
})
export class MailsModule {}
