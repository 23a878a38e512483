import type Stripe from 'stripe';
import type { Metadata } from '../api/parameters.js';

export interface RefundRow {
  id: string;
  created: number;
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  status: 'succeeded';
  reason: string | null;
  metadata: Metadata;
  balance_transaction: string | null;
}

/** The row as Stripe shows it. */
export const refundObject = (row: RefundRow): Stripe.Refund => ({
  id: row.id,
  object: 'refund',
  amount: row.amount,
  balance_transaction: row.balance_transaction,
  charge: row.charge,
  created: row.created,
  currency: row.currency,
  customer: null,
  customer_account: null,
  destination_details: {
    card: { type: 'refund', reference_status: 'pending', reference_type: 'acquirer_reference_number' },
    type: 'card',
  },
  metadata: row.metadata,
  payment_intent: row.payment_intent,
  payment_method: null,
  reason: row.reason,
  receipt_number: null,
  source_transfer_reversal: null,
  status: row.status,
  transfer_reversal: null,
});
