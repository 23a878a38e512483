import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Expander } from '../../api/expander.js';
import { QueryParameters, Retrieve } from '../../api/parameters.js';
import { AccountDatabase } from '../../database/account-database.js';
import { paymentIntentObject } from '../payment-intent.js';
import { findPaymentIntent } from '../payment.store.js';

@Controller('v1/payment_intents')
export class ReadPaymentIntentController {
  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Get(':id')
  retrieve(
    @Param('id') id: string,
    @Query(new QueryParameters(Retrieve)) { expand }: z.infer<typeof Retrieve>,
  ): Promise<object> {
    return this.database.transaction(async (transaction) =>
      this.expander.expand(transaction, paymentIntentObject(await findPaymentIntent(transaction, id)), expand),
    );
  }
}
