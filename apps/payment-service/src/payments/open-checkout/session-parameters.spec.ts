import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { LONGEST_PROLONGATION } from '@app/contracts';
import type { OwedOrder } from '../owed-order.js';
import { checkoutAddresses, isCheckoutSignature } from './checkout-link.js';
import { sessionParameters } from './session-parameters.js';

const now = new Date('2026-11-21T12:00:00.000Z');
const minutes = (count: number) => count * 60;
const orderWith = (changes: Partial<OwedOrder>): OwedOrder => ({
  tenantId: 'tenant',
  orderId: 'order',
  userId: 'user',
  buyerEmail: 'ada@buyers.example',
  eventTitle: 'Night of the Proms',
  eventTimezone: 'Europe/Berlin',
  items: [{ ticketTypeId: 'type', name: 'Standing', quantity: 2, unitPrice: { amount: 4500, currency: 'EUR' } }],
  total: { amount: 9000, currency: 'EUR' },
  expiresAt: new Date(now.getTime() + 15 * 60_000),
  isOver: false,
  correlationId: null,
  ...changes,
});
const addresses = { successUrl: 'https://shop.example/paid', cancelUrl: 'https://shop.example/return' };
const wish = { paymentId: 'payment', addresses, paymentMethodTypes: ['card'], now };
const lifeOf = (holdMinutes: number) => {
  const expiresAt = new Date(now.getTime() + holdMinutes * 60_000);
  return (sessionParameters(orderWith({ expiresAt }), wish).expires_at ?? 0) - now.getTime() / 1000;
};

describe("the session's parameters", () => {
  it('let it live as long as Stripe wants at least, however short the hold', () => {
    expect(lifeOf(15)).toBeGreaterThan(minutes(30));
    expect(lifeOf(-1)).toBeGreaterThan(minutes(30));
  });

  it('let it outlive a longer hold, also when that is prolonged', () => {
    expect(lifeOf(120)).toBeGreaterThan(minutes(120) + LONGEST_PROLONGATION);
  });

  it('never ask for more than Stripe gives', () => {
    expect(lifeOf(3 * 24 * 60)).toBeLessThan(minutes(24 * 60));
  });

  it("tell the buyer when the hold ends, not when the provider's page does", () => {
    const { custom_text } = sessionParameters(orderWith({}), wish);
    expect(custom_text).toEqual({
      submit: { message: expect.stringContaining('held until 13:15 (CET) on 21 November') },
    });
  });

  it('charge in the unit of Stripe', () => {
    const items = [{ ticketTypeId: 'type', name: 'Stæði', quantity: 1, unitPrice: { amount: 5000, currency: 'ISK' } }];
    const { line_items } = sessionParameters(orderWith({ items }), wish);
    expect(line_items).toMatchObject([{ price_data: { currency: 'isk', unit_amount: 500_000 } }]);
  });

  it('cut a name that is too long for Stripe', () => {
    const { line_items } = sessionParameters(orderWith({ eventTitle: 'x'.repeat(300) }), wish);
    expect(line_items?.[0]?.price_data?.product_data?.name).toHaveLength(250);
  });
});

describe("the link's signature", () => {
  const secret = 'a secret of the spec';
  const { checkoutUrl } = checkoutAddresses('order-1', { publicUrl: 'https://shop.example', secret });
  const signature = new URL(checkoutUrl).searchParams.get('signature') ?? '';

  it('fits its order and nothing else', () => {
    expect(isCheckoutSignature('order-1', signature, secret)).toBe(true);
    expect(isCheckoutSignature('order-2', signature, secret)).toBe(false);
    expect(isCheckoutSignature('order-1', signature, 'another secret')).toBe(false);
    expect(isCheckoutSignature('order-1', `${signature}=`, secret)).toBe(false);
    expect(isCheckoutSignature('order-1', undefined, secret)).toBe(false);
  });

  it('is made for this purpose: one of the id alone is none', () => {
    const signed = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
    expect(isCheckoutSignature('order-1', signed('checkout:v1:order-1'), secret)).toBe(true);
    expect(isCheckoutSignature('order-1', signed('order-1'), secret)).toBe(false);
  });
});
