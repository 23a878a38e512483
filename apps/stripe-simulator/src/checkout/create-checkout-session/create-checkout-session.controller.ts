import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ThisApiCall, type ApiCall } from '../../api/api-call.js';
import { Expander } from '../../api/expander.js';
import { Parameters } from '../../api/parameters.js';
import { databaseClock } from '../../database/clock.js';
import { IdempotentRequests } from '../../idempotency/idempotent-requests.js';
import { CheckoutSessionStore } from '../checkout-session.store.js';
import { PageAddress } from '../hosted-page/page-address.js';
import { CreateCheckoutSession } from './create-checkout-session.parameters.js';
import { newCheckoutSession } from './new-checkout-session.js';

@Controller('v1/checkout/sessions')
export class CreateCheckoutSessionController {
  constructor(
    @Inject(IdempotentRequests) private readonly requests: IdempotentRequests,
    @Inject(CheckoutSessionStore) private readonly sessions: CheckoutSessionStore,
    @Inject(PageAddress) private readonly pages: PageAddress,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Post()
  @HttpCode(200)
  create(
    @Body(new Parameters(CreateCheckoutSession)) parameters: CreateCheckoutSession,
    @ThisApiCall() call: ApiCall,
  ): Promise<object> {
    return this.requests.answer(call, async (transaction) => {
      const asked = newCheckoutSession(parameters, await databaseClock(transaction));
      const session = await this.sessions.add(transaction, asked);
      return this.expander.expand(transaction, this.pages.present(session), parameters.expand);
    });
  }
}
