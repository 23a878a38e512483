import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { AccountDatabase } from '../../database/account-database.js';

const LedgerPage = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  /** Id of a payment intent: those that were made after it. */
  after: z.string().optional(),
  paymentIntent: z.string().optional(),
});
type LedgerPage = z.infer<typeof LedgerPage>;

/** Of one payment, in its currency's smallest unit. */
interface PaymentSums {
  paymentIntent: string;
  currency: string;
  paid: number;
  /** Without what failed. */
  refunded: number;
  /** Without what was won. */
  disputed: number;
  net: number;
  metadata: Record<string, string>;
}

/**
 * What there is to compare with, to the cent: of each payment, as its charge, refunds and dispute say; and the balance, as
 * the movements say.
 */
@Injectable()
export class SumUpLedger {
  constructor(
    @Inject(AdminRoutes) routes: AdminRoutes,
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
  ) {
    routes.add('GET', '/ledger', LedgerPage, (page) => this.sumUp(page));
  }

  private sumUp({ limit, after, paymentIntent }: LedgerPage): Promise<object> {
    return this.database.transaction(async (transaction) => {
      const balance = await transaction.query<{ currency: string; amount: number }>(BALANCE);
      const payments = await transaction.query<PaymentSums>(PAYMENTS, [
        limit + 1,
        after ?? null,
        paymentIntent ?? null,
      ]);
      return {
        balance: Object.fromEntries(balance.map(({ currency, amount }) => [currency, amount])),
        payments: payments.slice(0, limit),
        hasMore: payments.length > limit,
      };
    });
  }
}

const BALANCE = 'select currency, sum(amount)::bigint as amount from balance_transaction group by currency';

const PAYMENTS = `
  select pi.id as "paymentIntent", pi.currency, c.amount as paid, r.amount as refunded, d.amount as disputed,
         c.amount - r.amount - d.amount as net, pi.metadata
  from payment_intent pi
  join charge c on c.payment_intent = pi.id and c.status = 'succeeded'
  cross join lateral (
    select coalesce(sum(amount), 0)::bigint as amount from refund where payment_intent = pi.id and status <> 'failed'
  ) r
  cross join lateral (
    select coalesce(sum(amount), 0)::bigint as amount from dispute where charge = c.id and status <> 'won'
  ) d
  where ($2::text is null or pi.seq > (select seq from payment_intent where id = $2))
    and ($3::text is null or pi.id = $3)
  order by pi.seq limit $1`;
