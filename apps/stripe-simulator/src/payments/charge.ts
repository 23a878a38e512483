import type Stripe from 'stripe';
import type { Metadata } from '../api/parameters.js';

export interface ChargeRow {
  id: string;
  created: number;
  amount: number;
  amount_refunded: number;
  currency: string;
  payment_intent: string;
  status: 'succeeded' | 'failed';
  failure_code: string | null;
  failure_message: string | null;
  description: string | null;
  receipt_email: string | null;
  metadata: Metadata;
  balance_transaction: string | null;
  /** At some time, however it ended. */
  disputed: boolean;
}

/** The row as Stripe shows it. */
export function chargeObject(row: ChargeRow): Stripe.Charge {
  const succeeded = row.status === 'succeeded';
  return {
    id: row.id,
    object: 'charge',
    amount: row.amount,
    amount_captured: succeeded ? row.amount : 0,
    amount_refunded: row.amount_refunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: row.balance_transaction,
    billing_details: { address: null, email: row.receipt_email, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: null,
    captured: succeeded,
    created: row.created,
    currency: row.currency,
    customer: null,
    description: row.description,
    disputed: row.disputed,
    failure_balance_transaction: null,
    failure_code: row.failure_code,
    failure_message: row.failure_message,
    fraud_details: {},
    livemode: false,
    metadata: row.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: succeeded,
    payment_intent: row.payment_intent,
    payment_method: null,
    payment_method_details: null,
    receipt_email: row.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: succeeded && row.amount_refunded === row.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: row.status,
    transfer_data: null,
    transfer_group: null,
  };
}
