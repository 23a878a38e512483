import { createHmac, timingSafeEqual } from 'node:crypto';

const hmac = (orderId: string, secret: string) => createHmac('sha256', secret).update(`checkout:v1:${orderId}`);

/** Whether ticket-api made this link: base64url of HMAC-SHA256 over `checkout:v1:<orderId>`. Takes the same time for any wrong one. */
export function isCheckoutSignature(orderId: string, signature: string | undefined, secret: string): boolean {
  const right = Buffer.from(hmac(orderId, secret).digest('base64url'));
  const given = Buffer.from(signature ?? '');
  return given.length === right.length && timingSafeEqual(given, right);
}

export interface CheckoutAddresses {
  /** Where the buyer comes back to from the payment page: having paid, or not. */
  successUrl: string;
  cancelUrl: string;
  checkoutUrl: string;
}

export function checkoutAddresses(
  orderId: string,
  { publicUrl, secret }: { publicUrl: string; secret: string },
): CheckoutAddresses {
  const address = `${publicUrl}/api/v1/payments/checkout/${orderId}`;
  const query = `?signature=${hmac(orderId, secret).digest('base64url')}`;
  const cancelUrl = `${address}/return${query}`;
  return { checkoutUrl: address + query, successUrl: `${cancelUrl}&outcome=success`, cancelUrl };
}
