import { MessagingModule } from '@app/messaging';
import { PersistenceModule } from '@app/persistence';
import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AnnouncementsModule } from './announcements/announcements.module.js';
import { CONFIG, type Config } from './config.js';
import { FindMailsController } from './find-mails/find-mails.controller.js';
import { MailsOfPersonStore } from './find-mails/mails-of-person.store.js';
import { MailLogController } from './mail-log/mail-log.controller.js';
import { MailLogStore } from './mail-log/mail-log.store.js';
import { MailsModule } from './mails/mails.module.js';
import { OnAccountSecured } from './on-account-secured/on-account-secured.controller.js';
import { OnEmailVerificationRequested } from './on-email-verification-requested/on-email-verification-requested.controller.js';
import { OnEventCancelled } from './on-event-cancelled/on-event-cancelled.controller.js';
import { OnEventChanged } from './on-event-changed/on-event-changed.controller.js';
import { OnEventReminderDue } from './on-event-reminder-due/on-event-reminder-due.controller.js';
import { OnMemberInvited } from './on-member-invited/on-member-invited.controller.js';
import { OnOrderCancelled } from './on-order-cancelled/on-order-cancelled.controller.js';
import { OnOrderConfirmed } from './on-order-confirmed/on-order-confirmed.controller.js';
import { OnOrderExpired } from './on-order-expired/on-order-expired.controller.js';
import { OnOrderMailRequested } from './on-order-mail-requested/on-order-mail-requested.controller.js';
import { OnOrderRefundRequested } from './on-order-refund-requested/on-order-refund-requested.controller.js';
import { OnOrderUnfulfillable } from './on-order-unfulfillable/on-order-unfulfillable.controller.js';
import { OnPasswordResetRequested } from './on-password-reset-requested/on-password-reset-requested.controller.js';
import { OnTicketListed } from './on-ticket-listed/on-ticket-listed.controller.js';
import { OnTicketListingEnded } from './on-ticket-listing-ended/on-ticket-listing-ended.controller.js';
import { OnTicketTakenBack } from './on-ticket-taken-back/on-ticket-taken-back.controller.js';
import { OnTicketTransferEnded } from './on-ticket-transfer-ended/on-ticket-transfer-ended.controller.js';
import { OnTicketTransferOffered } from './on-ticket-transfer-offered/on-ticket-transfer-offered.controller.js';
import { OnTicketTransferred } from './on-ticket-transferred/on-ticket-transferred.controller.js';
import { OnUserErased } from './on-user-erased/on-user-erased.controller.js';
import { OnWaitingListOffered } from './on-waiting-list-offered/on-waiting-list-offered.controller.js';

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        PersistenceModule.forRoot({
          url: config.databaseUrl,
          applicationName: 'notification-service',
          poolSize: config.databasePool,
          namedStatements: config.namedStatements,
        }),
        MessagingModule.forRoot({ service: 'notification-service', ...config.messages }),
        ScheduleModule.forRoot(),
        MailsModule,
        AnnouncementsModule,
      ],
      controllers: [
        OnEmailVerificationRequested,
        OnPasswordResetRequested,
        OnAccountSecured,
        OnMemberInvited,
        OnOrderConfirmed,
        OnOrderExpired,
        OnOrderCancelled,
        OnOrderUnfulfillable,
        OnOrderRefundRequested,
        OnOrderMailRequested,
        OnWaitingListOffered,
        OnTicketListed,
        OnTicketListingEnded,
        OnTicketTransferOffered,
        OnTicketTransferred,
        OnTicketTransferEnded,
        OnTicketTakenBack,
        OnEventChanged,
        OnEventCancelled,
        OnEventReminderDue,
        OnUserErased,
        FindMailsController,
        MailLogController,
      ],
      providers: [{ provide: CONFIG, useValue: config }, MailsOfPersonStore, MailLogStore],
      exports: [CONFIG],
    };
  }
}
