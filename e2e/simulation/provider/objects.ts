/** The parts of Stripe's objects that the services read, as https://docs.stripe.com/api has them. Amounts in minor units. */
export interface Session {
  id: string;
  object: 'checkout.session';
  status: 'open' | 'complete' | 'expired';
  payment_status: 'paid' | 'unpaid';
  payment_intent: string | null;
  amount_total: number;
  currency: string;
  url: string | null;
  expires_at: number;
  metadata: Record<string, string>;
}

export interface Intent {
  id: string;
  object: 'payment_intent';
  status: 'processing' | 'succeeded' | 'requires_payment_method';
  amount: number;
  amount_received: number;
  currency: string;
}

export interface Charge {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  currency: string;
  payment_intent: string;
}

export interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  status: 'pending' | 'succeeded' | 'failed';
  failure_reason: string | null;
  metadata: Record<string, string>;
}

export interface Dispute {
  id: string;
  object: 'dispute';
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  status: 'needs_response' | 'won' | 'lost';
  reason: 'fraudulent';
  balance_transactions: { amount: number }[];
}

/** https://docs.stripe.com/api/balance_transactions/object; `source` is what a list expands to. */
export interface Movement {
  id: string;
  object: 'balance_transaction';
  type: 'charge' | 'refund' | 'refund_failure' | 'adjustment';
  amount: number;
  currency: string;
  created: number;
  source: Charge | Refund | Dispute;
}

/** An event, with the object as it was then. */
export interface ProviderEvent {
  id: string;
  object: 'event';
  type: string;
  livemode: false;
  created: number;
  data: { object: object };
}
