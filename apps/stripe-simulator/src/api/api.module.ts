import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccountDatabase } from '../database/account-database.js';
import { IdempotentRequests } from '../idempotency/idempotent-requests.js';
import { Expander } from './expander.js';
import { SecretKeyGuard } from './secret-key.guard.js';
import { StripeErrorFilter } from './stripe-error.filter.js';

/** What every call of Stripe's API has in common. */
@Global()
@Module({
  providers: [
    AccountDatabase,
    Expander,
    IdempotentRequests,
    { provide: APP_GUARD, useClass: SecretKeyGuard },
    { provide: APP_FILTER, useClass: StripeErrorFilter },
  ],
  exports: [AccountDatabase, Expander, IdempotentRequests],
})
export class ApiModule {}
