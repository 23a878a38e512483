import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ScheduleModule } from '@nestjs/schedule';
import { MessagingModule } from '@app/messaging';
import { PersistenceModule } from '@app/persistence';
import { AuditLogReadingModule } from './audit-log/audit-log.module.js';
import { AdministrationModule } from './administration/administration.module.js';
import { AnnouncementsModule } from './announcements/announcements.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { DevicesModule } from './devices/devices.module.js';
import { OfflineGatesModule } from './offline-gates/offline-gates.module.js';
import { AuthorizationModule } from './authorization/authorization.module.js';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import { CheckInModule } from './check-in/check-in.module.js';
import { CONFIG, type Config } from './config.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { MailLogModule } from './mail-log/mail-log.module.js';
import { MailPreferencesModule } from './mail-preferences/mail-preferences.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { OrganizationsModule } from './organizations/organizations.module.js';
import { PersonalDataModule } from './personal-data/personal-data.module.js';
import { ResaleModule } from './resale/resale.module.js';
import { TicketsModule } from './tickets/tickets.module.js';
import { WaitingListModule } from './waiting-list/waiting-list.module.js';
import { TransfersModule } from './transfers/transfers.module.js';

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        PersistenceModule.forRoot({
          url: config.databaseUrl,
          applicationName: 'ticket-api',
          poolSize: config.databasePool,
          namedStatements: config.namedStatements,
        }),
        MessagingModule.forRoot({ service: 'ticket-api', ...config.messages }),
        CqrsModule.forRoot(),
        ScheduleModule.forRoot(),
        AuthorizationModule,
        AuditLogReadingModule,
        IdentityModule,
        ErasureModule,
        PersonalDataModule,
        OrganizationsModule,
        ApiKeysModule,
        CatalogueModule,
        OrdersModule,
        TicketsModule,
        CheckInModule,
        WaitingListModule,
        ResaleModule,
        TransfersModule,
        DevicesModule,
        OfflineGatesModule,
        AdministrationModule,
        AnnouncementsModule,
        MailPreferencesModule,
        MailLogModule,
      ],
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
