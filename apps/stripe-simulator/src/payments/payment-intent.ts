import type Stripe from 'stripe';
import { objectId, randomText } from '../api/object-id.js';
import type { Metadata } from '../api/parameters.js';
import { offeredMethods } from './payment-methods.js';

export interface PaymentIntentRow {
  id: string;
  created: number;
  amount: number;
  amount_received: number;
  currency: string;
  status: 'requires_payment_method' | 'processing' | 'succeeded';
  client_secret: string;
  description: string | null;
  receipt_email: string | null;
  metadata: Metadata;
  allowed_payment_method_types: string[] | null;
  last_payment_error: Stripe.PaymentIntent.LastPaymentError | null;
  latest_charge: string | null;
}

export type NewPaymentIntent = Pick<
  PaymentIntentRow,
  'allowed_payment_method_types' | 'amount' | 'currency' | 'description' | 'metadata' | 'receipt_email'
>;

/** As it is before the first attempt to pay. */
export function newPaymentIntent(facts: NewPaymentIntent): Partial<PaymentIntentRow> {
  const id = objectId('pi');
  return { id, status: 'requires_payment_method', client_secret: `${id}_secret_${randomText(25)}`, ...facts };
}

/** The row as Stripe shows it. */
export const paymentIntentObject = (row: PaymentIntentRow): Stripe.PaymentIntent => ({
  id: row.id,
  object: 'payment_intent',
  allowed_payment_method_types: row.allowed_payment_method_types,
  amount: row.amount,
  amount_capturable: 0,
  amount_received: row.amount_received,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'automatic_async',
  client_secret: row.client_secret,
  confirmation_method: 'automatic',
  created: row.created,
  currency: row.currency,
  customer: null,
  customer_account: null,
  description: row.description,
  excluded_payment_method_types: null,
  last_payment_error: row.last_payment_error,
  latest_charge: row.latest_charge,
  livemode: false,
  managed_payments: null,
  metadata: row.metadata,
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_method_types: offeredMethods(row),
  payment_record: null,
  processing: null,
  receipt_email: row.receipt_email,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: row.status,
  transfer_data: null,
  transfer_group: null,
});
