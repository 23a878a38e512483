import Stripe from 'stripe';

/** The account's owner with the official client, past the service: somebody at the provider's dashboard. */
export function dashboard(apiBase: string, secretKey: string): Stripe {
  const { hostname: host, port } = new URL(apiBase);
  return new Stripe(secretKey, { host, port, protocol: 'http' });
}

/** `Stripe-Signature` of a webhook. `timestamp` in Unix seconds; now if absent. */
export const signatureHeader = (payload: string, secret: string, timestamp?: number): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, ...(timestamp === undefined ? {} : { timestamp }) });
