import { createHmac } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { checkoutLink } from './checkout-link.js';

const secret = 'a secret of the spec';
const signed = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');

it('a link to pay is signed for this purpose: a signature of the id alone is none', () => {
  const link = checkoutLink('order-1', { publicUrl: 'https://shop.example', secret });
  const address = 'https://shop.example/api/v1/payments/checkout/order-1';
  expect(link).toBe(`${address}?signature=${signed('checkout:v1:order-1')}`);
});
