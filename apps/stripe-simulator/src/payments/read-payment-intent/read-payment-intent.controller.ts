import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Expander } from '../../api/expander.js';
import { QueryParameters, Retrieve } from '../../api/parameters.js';
import { Books } from '../../database/books.js';
import { paymentIntentObject } from '../payment-intent.js';
import { findPaymentIntent } from '../payment.store.js';

@Controller('v1/payment_intents')
export class ReadPaymentIntentController {
  constructor(
    @Inject(Books) private readonly books: Books,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Get(':id')
  retrieve(
    @Param('id') id: string,
    @Query(new QueryParameters(Retrieve)) { expand }: z.infer<typeof Retrieve>,
  ): Promise<object> {
    return this.books.transaction(async (transaction) =>
      this.expander.expand(transaction, paymentIntentObject(await findPaymentIntent(transaction, id)), expand),
    );
  }
}
