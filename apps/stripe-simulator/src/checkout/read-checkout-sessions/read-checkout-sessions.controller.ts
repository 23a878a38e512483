import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Expander } from '../../api/expander.js';
import { listPage } from '../../api/list.js';
import { hash, page, QueryParameters, Retrieve, text } from '../../api/parameters.js';
import { AccountDatabase } from '../../database/account-database.js';
import type { CheckoutSession } from '../checkout-session.js';
import { CheckoutSessionStore } from '../checkout-session.store.js';
import { PageAddress } from '../hosted-page/page-address.js';

const ListCheckoutSessions = hash({
  ...page,
  payment_intent: text(200).optional(),
  status: z.enum(['open', 'complete', 'expired']).optional(),
});
type ListCheckoutSessions = z.infer<typeof ListCheckoutSessions>;

@Controller('v1/checkout/sessions')
export class ReadCheckoutSessionsController {
  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(CheckoutSessionStore) private readonly sessions: CheckoutSessionStore,
    @Inject(PageAddress) private readonly pages: PageAddress,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Get()
  list(@Query(new QueryParameters(ListCheckoutSessions)) parameters: ListCheckoutSessions): Promise<object> {
    const { payment_intent, status, expand, ...paging } = parameters;
    return this.database.transaction(async (transaction) => {
      const list = await listPage(
        transaction,
        {
          table: 'checkout_session',
          kind: 'checkout.session',
          url: '/v1/checkout/sessions',
          filter: { payment_intent, status },
        },
        paging,
        (session: CheckoutSession) => this.pages.present(session),
      );
      return this.expander.expand(transaction, list, expand);
    });
  }

  @Get(':id')
  retrieve(
    @Param('id') id: string,
    @Query(new QueryParameters(Retrieve)) { expand }: z.infer<typeof Retrieve>,
  ): Promise<object> {
    return this.database.transaction(async (transaction) =>
      this.expander.expand(transaction, this.pages.present(await this.sessions.find(transaction, id)), expand),
    );
  }
}
