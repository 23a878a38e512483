import type { Metadata } from '../api/parameters.js';
import type { LineItemObject } from './line-item.js';

/** `open → complete | expired`; both are final. Times in Unix seconds of the database's clock. */
export interface CheckoutSession {
  id: string;
  created: number;
  expires_at: number;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid';
  amount_total: number;
  currency: string;
  client_reference_id: string | null;
  customer_email: string | null;
  locale: string | null;
  submit_type: string | null;
  success_url: string;
  cancel_url: string | null;
  custom_text: CustomText | null;
  metadata: Metadata;
  line_items: LineItemObject[];
  payment_intent_data: PaymentIntentData;
  allowed_payment_method_types: string[] | null;
  payment_intent: string | null;
}

/** What the shop has the hosted page say beside the button, and below it. */
export interface CustomText {
  submit: { message: string } | null;
  after_submit: { message: string } | null;
}

/** What the payment intent gets when the buyer first tries to pay. */
export interface PaymentIntentData {
  description: string | null;
  receipt_email: string | null;
  metadata: Metadata;
}

/** https://docs.stripe.com/api/checkout/sessions/create: 30 minutes to 24 hours from creation, 24 hours by default. */
export const SHORTEST_LIFE = 30 * 60;
export const LONGEST_LIFE = 24 * 3600;

/** Where the buyer goes once the session is complete; fit for a header. */
export const successAddress = ({ success_url, id }: Pick<CheckoutSession, 'id' | 'success_url'>): string =>
  new URL(success_url.replaceAll('{CHECKOUT_SESSION_ID}', id)).href;

/** Whether its time is over though nobody has closed it yet. */
export const isOverdue = ({ status, expires_at }: CheckoutSession, now: number): boolean =>
  status === 'open' && expires_at <= now;
