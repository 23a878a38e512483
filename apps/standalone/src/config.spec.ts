import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const read = (environment: Record<string, string> = {}) => readConfig(environment, false);

describe('the configuration of a platform', () => {
  it('needs nothing: everything has an embedded default', () => {
    expect(read()).toMatchObject({
      port: 3000,
      databaseUrl: undefined,
      databasePrefix: 'ticketing',
      stripe: undefined,
      seed: true,
    });
    expect(read().dataDirectory).toMatch(/\/\.data$/);
    expect(read({ DATABASE_URL: '' }).databaseUrl).toBeUndefined();
  });

  it("names our databases after the one in the owner's address", () => {
    expect(read({ DATABASE_URL: 'postgres://owner@localhost/concerts' })).toMatchObject({
      databasePrefix: 'concerts',
      redisPrefix: 'concerts:',
    });
    expect(() => read({ DATABASE_URL: 'postgres://owner@localhost' })).toThrow(/must name a database/);
    expect(() => read({ DATABASE_URL: `postgres://owner@localhost/${'x'.repeat(40)}` })).toThrow(/at most 37/);
  });

  it("keeps the messages of platforms on one broker apart by their database's name, unless a prefix is given", () => {
    const rabbitmqUrl = (environment: Record<string, string>) => read(environment).rabbitmqUrl;
    const RABBITMQ_URL = 'amqp://broker.example/vhost';
    const DATABASE_URL = 'postgres://owner@localhost/concerts';
    expect(rabbitmqUrl({ RABBITMQ_URL })).toBe(`${RABBITMQ_URL}?prefix=ticketing`);
    expect(rabbitmqUrl({ RABBITMQ_URL, DATABASE_URL })).toBe(`${RABBITMQ_URL}?prefix=concerts`);
    for (const given of ['?prefix=mine', '?prefix='])
      expect(rabbitmqUrl({ RABBITMQ_URL: RABBITMQ_URL + given, DATABASE_URL })).toBe(RABBITMQ_URL + given);
  });

  it('names every variable that does not fit', () => {
    expect(() => read({ PORT: 'many', RABBITMQ_URL: 'http://x', SEED: 'maybe' })).toThrow(
      /PORT[^]*RABBITMQ_URL[^]*SEED|RABBITMQ_URL[^]*PORT/,
    );
  });

  it('refuses contradictions', () => {
    expect(() => read({ STRIPE_SECRET_KEY: 'sk_test_x' })).toThrow(/STRIPE_WEBHOOK_SECRET/);
    expect(() => read({ STRIPE_API_BASE: 'http://localhost:1' })).toThrow(/STRIPE_SECRET_KEY/);
    expect(() => read({ SEED: 'on', SMTP_URL: 'smtp://mail.example' })).toThrow(/SMTP_URL/);
  });

  it('makes nothing up in production', () => {
    expect(() => read({ NODE_ENV: 'production', DATABASE_URL: 'postgres://owner@db/x' })).toThrow(
      /give SMTP_URL, STRIPE_SECRET_KEY, .*TICKET_SIGNING_KEY/,
    );
  });

  it('hands on what services decide themselves, and nothing that would lead them astray', () => {
    const { inherited } = read({
      PATH: '/bin',
      LOG_LEVEL: 'warn',
      ORDER_HOLD_SECONDS: '5',
      RATE_LIMIT_AUTH: '0',
      MAIL_FROM: 'a@b.example',
      DATABASE_POOL: '3',
      DATABASE_URL: 'postgres://owner:secret@db/x',
      PGPASSWORD: 'secret',
      STRIPE_SECRET_KEY: 'sk_test_x',
      STRIPE_WEBHOOK_SECRET: 'whsec_x',
      PORT: '1',
      ADMIN_PORT: '2',
      npm_config_x: 'y',
      DATABASE_DIRECT_URL: 'postgres://elsewhere/x',
    });
    expect(inherited).toEqual({
      PATH: '/bin',
      LOG_LEVEL: 'warn',
      ORDER_HOLD_SECONDS: '5',
      RATE_LIMIT_AUTH: '0',
      MAIL_FROM: 'a@b.example',
      DATABASE_POOL: '3',
    });
  });
});
