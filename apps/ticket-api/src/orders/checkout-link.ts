import { createHmac } from 'node:crypto';

/**
 * The address at which an order is paid. The link alone suffices in any browser: it carries a signature of its own
 * purpose and secret, which payment-service checks.
 */
export function checkoutLink(orderId: string, { publicUrl, secret }: { publicUrl: string; secret: string }): string {
  const signature = createHmac('sha256', secret).update(`checkout:v1:${orderId}`).digest('base64url');
  return `${publicUrl}/api/v1/payments/checkout/${orderId}?signature=${signature}`;
}
