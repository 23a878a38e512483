import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const complete = {
  DATABASE_URL: 'postgres://simulator@127.0.0.1:5432/simulator',
  STRIPE_SECRET_KEY: 'sk_test_simulator',
  STRIPE_WEBHOOK_SECRET: 'whsec_simulator',
  WEBHOOK_URL: 'http://127.0.0.1:3000/api/v1/payments/webhooks',
};

describe('configuration', () => {
  it('listens on loopback unless told otherwise', () => {
    expect(readConfig(complete)).toMatchObject({ host: '127.0.0.1' });
  });

  it('has no admin API unless it is given a port', () => {
    expect(readConfig(complete).adminPort).toBeUndefined();
    expect(readConfig({ ...complete, ADMIN_PORT: '4243' }).adminPort).toBe(4243);
  });

  it('refuses to start in production', () => {
    expect(() => readConfig({ ...complete, NODE_ENV: 'production' })).toThrow(/production/);
  });

  it('refuses a live key', () => {
    expect(() => readConfig({ ...complete, STRIPE_SECRET_KEY: 'sk_live_something' })).toThrow(/live key/);
  });

  it('names every missing variable at once', () => {
    expect(() => readConfig({})).toThrow(/DATABASE_URL[^]*STRIPE_SECRET_KEY[^]*STRIPE_WEBHOOK_SECRET[^]*WEBHOOK_URL/);
  });

  it('takes several webhook secrets during a rotation', () => {
    const config = readConfig({ ...complete, STRIPE_WEBHOOK_SECRET: 'whsec_first1, whsec_second' });
    expect(config.webhookSecrets).toEqual(['whsec_first1', 'whsec_second']);
  });

  it('cannot be changed after it was read', () => {
    expect(Object.isFrozen(readConfig(complete))).toBe(true);
  });
});
