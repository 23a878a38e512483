import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SealedSecrets } from './sealed-secrets.js';

describe('a sealed secret', () => {
  const key = randomBytes(32).toString('base64');
  const secrets = new SealedSecrets(key, 'letters');
  const secret = randomBytes(20);

  it('is read for its own owner and purpose, and with its own key', () => {
    const sealed = secrets.seal(secret, 'ada');
    expect(new SealedSecrets(key, 'letters').open(sealed, 'ada')).toEqual(secret);
    expect(sealed.includes(secret)).toBe(false);
    expect(() => secrets.open(sealed, 'bob')).toThrow();
    expect(() => new SealedSecrets(key, 'parcels').open(sealed, 'ada')).toThrow();
    expect(() => new SealedSecrets(randomBytes(32).toString('base64'), 'letters').open(sealed, 'ada')).toThrow();
  });

  it('is sealed differently each time, and notices every change of a bit', () => {
    const sealed = secrets.seal(secret, 'ada');
    expect(secrets.seal(secret, 'ada')).not.toEqual(sealed);
    for (let byte = 0; byte < sealed.length; byte++) {
      const changed = Buffer.from(sealed);
      changed[byte]! ^= 1;
      expect(() => secrets.open(changed, 'ada')).toThrow();
    }
  });

  it('that is too short to be one is none', () => {
    for (const length of [0, 1, 13, 28]) expect(() => secrets.open(Buffer.alloc(length, 1), 'ada')).toThrow();
  });
});
