import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const complaint = expect.stringContaining('ACCOUNT_SECRETS_KEY is not 32 bytes in base64');
const read = (key: string) => {
  try {
    readConfig({ ACCOUNT_SECRETS_KEY: key });
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
};

describe('ACCOUNT_SECRETS_KEY', () => {
  it.each([
    ['31 bytes', randomBytes(31).toString('base64')],
    ['30 bytes, which are shorter in base64', randomBytes(30).toString('base64')],
    ['64 bytes', randomBytes(64).toString('base64')],
    ['what is no base64', `${'%'.repeat(43)}=`],
  ])('of %s is refused, and told what would fit', (_, key) => expect(read(key)).toEqual(complaint));

  it('of 32 bytes is taken', () => expect(read(randomBytes(32).toString('base64'))).not.toEqual(complaint));
});

describe('TICKET_SIGNING_KEY', () => {
  const key = randomBytes(48).toString('base64');
  const complaintsOf = (list: string) => {
    try {
      readConfig({ TICKET_SIGNING_KEY: list });
    } catch (error) {
      return /TICKET_SIGNING_KEY[^;\n]*/.exec((error as Error).message)?.[0];
    }
    return undefined;
  };

  it('is a key, or a comma list of keys', () => {
    expect([key, `${key},${key}`, `${key}, ${key}`].map(complaintsOf)).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['with nothing after a comma', `${key},`],
    ['with what is no base64', `${key},§`],
    ['of what is too short', 'MC4='],
  ])('%s is refused by its name, without telling it', (_, list) => {
    expect(complaintsOf(list)).toMatch(/^TICKET_SIGNING_KEY/);
    expect(complaintsOf(list)).not.toContain(key);
  });
});
