import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { PersistenceModule } from '@app/persistence';
import { AccountController } from './account/account.controller.js';
import { AdminModule } from './admin/admin.module.js';
import { ApiFaultsModule } from './api-faults/api-faults.module.js';
import { ApiModule } from './api/api.module.js';
import { CheckoutModule } from './checkout/checkout.module.js';
import { CONFIG, type Config } from './config.js';
import { DisputesModule } from './disputes/disputes.module.js';
import { FrontPageController } from './front-page/front-page.controller.js';
import { HealthModule } from './health/health.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { RefundsModule } from './refunds/refunds.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        PersistenceModule.forRoot({ url: config.databaseUrl, applicationName: 'stripe-simulator' }),
        ScheduleModule.forRoot(),
        AdminModule,
        ApiModule,
        ApiFaultsModule,
        CheckoutModule,
        PaymentsModule,
        RefundsModule,
        DisputesModule,
        LedgerModule,
        WebhooksModule,
        HealthModule,
      ],
      controllers: [AccountController, FrontPageController],
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
