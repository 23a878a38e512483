import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { AccountDatabase } from '../../database/account-database.js';
import { NewRefund } from '../create-refund/new-refund.js';

/** `amount` in the smallest unit; without it, what was not refunded yet. */
const RefundOrder = z.strictObject({ paymentIntent: z.string(), amount: z.int().min(1).optional() });

/** A person of the shop gives money back in the dashboard: the shop's program has no part in it, and no metadata names it. */
@Injectable()
export class RefundByHand {
  constructor(
    @Inject(AdminRoutes) routes: AdminRoutes,
    @Inject(AccountDatabase) database: AccountDatabase,
    @Inject(NewRefund) refunds: NewRefund,
  ) {
    routes.add('POST', '/refunds', RefundOrder, ({ paymentIntent: payment_intent, amount }) =>
      database.transaction((transaction) =>
        refunds.make(transaction, { payment_intent, ...(amount !== undefined && { amount }), metadata: {} }),
      ),
    );
  }
}
