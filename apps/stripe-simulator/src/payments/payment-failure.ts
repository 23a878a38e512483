import type Stripe from 'stripe';

/** Why an attempt to pay did not succeed, as Stripe words it: https://docs.stripe.com/declines/codes */
export type PaymentFailure = Pick<
  Stripe.PaymentIntent.LastPaymentError,
  'code' | 'decline_code' | 'doc_url' | 'message' | 'type'
>;

/** The bank refuses the card. The buyer may try another one. */
export const CARD_DECLINED: PaymentFailure = {
  type: 'card_error',
  code: 'card_declined',
  decline_code: 'generic_decline',
  doc_url: 'https://stripe.com/docs/error-codes/card-declined',
  message: 'Your card was declined.',
};

/** A method that is confirmed later was refused in the end: nothing more comes of it. */
export const PAYMENT_FAILED_LATER: PaymentFailure = {
  type: 'card_error',
  code: 'payment_intent_payment_attempt_failed',
  doc_url: 'https://stripe.com/docs/error-codes/payment-intent-payment-attempt-failed',
  message: 'The payment attempt failed.',
};
