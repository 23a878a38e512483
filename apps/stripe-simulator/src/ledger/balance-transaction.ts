import type Stripe from 'stripe';

/** What moved the money: https://docs.stripe.com/reports/reporting-categories */
type ReportingCategory = 'charge' | 'dispute' | 'dispute_reversal' | 'refund' | 'refund_failure';

export interface BalanceTransactionRow {
  id: string;
  created: number;
  /** Signed: what leaves the balance is negative. */
  amount: number;
  currency: string;
  reporting_category: ReportingCategory;
  type: string;
  source: string;
  available_on: number;
  description: string | null;
}

/** The row as Stripe shows it. The simulator takes no fees; `now` in Unix seconds. */
export const balanceTransactionObject = (row: BalanceTransactionRow, now: number): Stripe.BalanceTransaction => ({
  id: row.id,
  object: 'balance_transaction',
  amount: row.amount,
  available_on: row.available_on,
  balance_type: 'payments',
  created: row.created,
  currency: row.currency,
  description: row.description,
  exchange_rate: null,
  fee: 0,
  fee_details: [],
  net: row.amount,
  reporting_category: row.reporting_category,
  source: row.source,
  status: row.available_on <= now ? 'available' : 'pending',
  type: row.type,
});

/** https://docs.stripe.com/reports/balance-transaction-types */
export const typeOf = (category: ReportingCategory): string =>
  category === 'dispute' || category === 'dispute_reversal' ? 'adjustment' : category;
