import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const environment = {
  PORT: '3002',
  INTERNAL_PORT: '3102',
  SERVICE_SIGNING_KEY: 'key',
  SERVICE_PUBLIC_KEYS: '{}',
  DATABASE_URL: 'postgres://login@localhost/payments',
  BROKER_DATABASE_URL: 'postgres://login@localhost/broker',
  TICKET_API_INTERNAL_URL: 'http://localhost:3101',
  CHECKOUT_LINK_SECRET: 'a secret of the spec',
  STRIPE_SECRET_KEY: 'sk_test_spec-1',
  STRIPE_WEBHOOK_SECRET: 'whsec_first, whsec_second',
};
const read = (changes: Record<string, string>) => () => readConfig({ ...environment, ...changes });

describe('the configuration', () => {
  it("goes to Stripe's own API unless told otherwise, and takes every webhook secret", () => {
    const { stripe } = read({})();
    expect(stripe.apiBase.href).toBe('https://api.stripe.com/');
    expect(stripe.webhookSecrets).toEqual(['whsec_first', 'whsec_second']);
    expect(stripe.livemode).toBe(false);
    expect(stripe.paymentMethodTypes).toEqual(['card']);
  });

  it('takes the simulator outside of production', () => {
    expect(read({ STRIPE_API_BASE: 'http://127.0.0.1:4242' })().stripe.apiBase.port).toBe('4242');
  });

  it.each([
    ['a simulator in production', { NODE_ENV: 'production', STRIPE_API_BASE: 'http://127.0.0.1:4242' }, /production/],
    [
      'a live key for anybody but Stripe',
      { STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_API_BASE: 'http://127.0.0.1:4242' },
      /live/,
    ],
    ['an API base with a path', { STRIPE_API_BASE: 'https://api.stripe.com/v1' }, /STRIPE_API_BASE/],
    ['a publishable key', { STRIPE_SECRET_KEY: 'pk_test_1' }, /STRIPE_SECRET_KEY/],
    ['no webhook secret', { STRIPE_WEBHOOK_SECRET: ' , ' }, /STRIPE_WEBHOOK_SECRET/],
    ['a comparison that never asks', { RECONCILE_PENDING_SECONDS: '0' }, /RECONCILE_PENDING_SECONDS/],
    ['a missing link secret', { CHECKOUT_LINK_SECRET: '' }, /CHECKOUT_LINK_SECRET is missing/],
  ])('refuses %s', (_, changes, complaint) => {
    expect(read(changes)).toThrow(complaint);
  });

  it('never repeats a secret in its complaint', () => {
    expect(read({ STRIPE_SECRET_KEY: 'pk_live_verysecret' })).not.toThrow(/verysecret/);
  });
});
