import { Controller, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { getPayment, type PaymentView } from '@app/contracts';
import { Operation } from '@app/http';
import { GetPaymentQuery } from './get-payment.js';

@Controller()
export class GetPaymentController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Operation(getPayment)
  get(@Param('orderId') orderId: string, @Acting() who: Principal): Promise<PaymentView> {
    return this.queries.execute(new GetPaymentQuery(who, orderId));
  }
}
