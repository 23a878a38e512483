import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { ThisApiCall, type ApiCall } from '../../api/api-call.js';
import { Expander } from '../../api/expander.js';
import { Parameters, Retrieve } from '../../api/parameters.js';
import { invalidRequest } from '../../api/stripe-error.js';
import { IdempotentRequests } from '../../idempotency/idempotent-requests.js';
import { CheckoutSessionStore } from '../checkout-session.store.js';
import { PageAddress } from '../hosted-page/page-address.js';

@Controller('v1/checkout/sessions/:id/expire')
export class ExpireCheckoutSessionController {
  constructor(
    @Inject(IdempotentRequests) private readonly requests: IdempotentRequests,
    @Inject(CheckoutSessionStore) private readonly sessions: CheckoutSessionStore,
    @Inject(PageAddress) private readonly pages: PageAddress,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Post()
  @HttpCode(200)
  expire(
    @Param('id') id: string,
    @Body(new Parameters(Retrieve)) { expand }: z.infer<typeof Retrieve>,
    @ThisApiCall() call: ApiCall,
  ): Promise<object> {
    return this.requests.answer(call, async (transaction) => {
      const session = await this.sessions.lock(transaction, id);
      if (session.status !== 'open') throw notOpen(session.status);
      const expired = await this.sessions.expire(transaction, session, {
        id: call.requestId,
        idempotency_key: call.idempotencyKey ?? null,
      });
      return this.expander.expand(transaction, this.pages.present(expired), expand);
    });
  }
}

const notOpen = (status: string) =>
  invalidRequest(
    `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${status}\`.`,
  );
