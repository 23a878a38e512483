import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ThisApiCall, type ApiCall } from '../../api/api-call.js';
import { Expander } from '../../api/expander.js';
import { Parameters } from '../../api/parameters.js';
import { IdempotentRequests } from '../../idempotency/idempotent-requests.js';
import { CreateRefund } from './create-refund.parameters.js';
import { NewRefund } from './new-refund.js';

@Controller('v1/refunds')
export class CreateRefundController {
  constructor(
    @Inject(IdempotentRequests) private readonly requests: IdempotentRequests,
    @Inject(NewRefund) private readonly refunds: NewRefund,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Post()
  @HttpCode(200)
  create(@Body(new Parameters(CreateRefund)) parameters: CreateRefund, @ThisApiCall() call: ApiCall): Promise<object> {
    return this.requests.answer(call, async (transaction) => {
      const cause = { id: call.requestId, idempotency_key: call.idempotencyKey ?? null };
      const refund = await this.refunds.make(transaction, parameters, cause);
      return this.expander.expand(transaction, refund, parameters.expand);
    });
  }
}
