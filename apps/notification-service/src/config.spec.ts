import { generateServiceKeys } from '@app/auth';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const keys = generateServiceKeys(['notification-service'])['notification-service']!;
const environment = {
  PORT: '0',
  INTERNAL_PORT: '0',
  SERVICE_SIGNING_KEY: keys.signingKey,
  SERVICE_PUBLIC_KEYS: JSON.stringify(keys.publicKeys),
  DATABASE_URL: 'postgres://notification:secret@127.0.0.1/notification',
  BROKER_DATABASE_URL: 'postgres://broker:secret@127.0.0.1/broker',
  TICKET_API_INTERNAL_URL: 'http://127.0.0.1:3101',
  SMTP_URL: 'smtp://127.0.0.1:2525',
};

describe('the configuration', () => {
  it('sends as Tickets <tickets@localhost> unless told otherwise', () => {
    expect(readConfig(environment).mailFrom).toBe('Tickets <tickets@localhost>');
  });

  it('wants a sender in production', () => {
    expect(() => readConfig({ ...environment, NODE_ENV: 'production' })).toThrow('MAIL_FROM');
    expect(
      readConfig({ ...environment, NODE_ENV: 'production', MAIL_FROM: 'Box Office <box@example.com>' }).mailFrom,
    ).toBe('Box Office <box@example.com>');
  });

  it.each(['box', 'Box <box>', 'a@example.com, b@example.com', 'Box <a@example.com>\r\nBcc: b@example.com'])(
    'refuses %j as the sender',
    (MAIL_FROM) => {
      expect(() => readConfig({ ...environment, MAIL_FROM })).toThrow('MAIL_FROM');
    },
  );

  it('names what is missing and never a value', () => {
    const without = { ...environment, SMTP_URL: '', TICKET_API_INTERNAL_URL: 'smtp://user:secret@host' };
    const refused = () => readConfig(without);
    expect(refused).toThrow(/SMTP_URL is missing/);
    expect(refused).toThrow(/TICKET_API_INTERNAL_URL/);
    expect(refused).not.toThrow(/secret/);
  });
});
