import Stripe from 'stripe';

/**
 * The `Stripe-Signature` header of a payload: one `v1` for each secret, as Stripe sends while a secret is being
 * rotated. Made by Stripe's own code; `timestamp` is in Unix seconds.
 */
export function signatureHeader(payload: string, secrets: readonly string[], timestamp: number): string {
  const signatures = secrets.map((secret) => {
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
    return header.slice(header.indexOf('v1='));
  });
  return [`t=${timestamp}`, ...signatures].join(',');
}
