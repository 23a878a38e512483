import type Stripe from 'stripe';
import type { Metadata } from '../api/parameters.js';

/** https://docs.stripe.com/api/refunds/object#refund_object-failure_reason */
export const FAILURE_REASONS = [
  'charge_for_pending_refund_disputed',
  'declined',
  'expired_or_canceled_card',
  'insufficient_funds',
  'lost_or_stolen_card',
  'merchant_request',
  'unknown',
] as const;
type FailureReason = (typeof FAILURE_REASONS)[number];

/** How a refund turns out later, other than it began. */
export type RefundTurn = { status: 'succeeded' } | { status: 'failed'; failure_reason: FailureReason };

export interface RefundRow {
  id: string;
  created: number;
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  status: 'failed' | 'pending' | 'succeeded';
  reason: string | null;
  metadata: Metadata;
  balance_transaction: string | null;
  failure_reason: FailureReason | null;
  failure_balance_transaction: string | null;
  /** Null when it stays as it is; else it comes at `turns_at`, in Unix seconds. */
  turn: RefundTurn | null;
  turns_at: number | null;
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
  ...(row.failure_reason && { failure_reason: row.failure_reason }),
  ...(row.failure_balance_transaction && { failure_balance_transaction: row.failure_balance_transaction }),
  metadata: row.metadata,
  payment_intent: row.payment_intent,
  payment_method: null,
  ...(row.status === 'pending' && { pending_reason: 'processing' }),
  reason: row.reason,
  receipt_number: null,
  source_transfer_reversal: null,
  status: row.status,
  transfer_reversal: null,
});
