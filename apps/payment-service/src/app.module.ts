import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ScheduleModule } from '@nestjs/schedule';
import { MessagingModule } from '@app/messaging';
import { PersistenceModule } from '@app/persistence';
import { CONFIG, type Config } from './config.js';
import { DisputesModule } from './disputes/disputes.module.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PersonalDataModule } from './personal-data/personal-data.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { RechecksModule } from './rechecks/rechecks.module.js';
import { RefundsModule } from './refunds/refunds.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    const { databaseUrl: url, databasePool: poolSize, namedStatements, messages } = config;
    const service = 'payment-service';
    return {
      module: AppModule,
      global: true,
      imports: [
        CqrsModule.forRoot(),
        ScheduleModule.forRoot(),
        PersistenceModule.forRoot({ url, poolSize, namedStatements, applicationName: service }),
        MessagingModule.forRoot({ service, ...messages }),
        DisputesModule,
        ErasureModule,
        PaymentsModule,
        PersonalDataModule,
        ReconciliationModule,
        RechecksModule,
        RefundsModule,
        WebhooksModule,
      ],
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
