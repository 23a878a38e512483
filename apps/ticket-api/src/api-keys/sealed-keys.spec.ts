import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SealedKeys } from './sealed-keys.js';

describe('a sealed key', () => {
  const secret = randomBytes(32).toString('base64');
  const keys = new SealedKeys(secret);

  it('is opened with the same secret, for the same id', () => {
    const sealed = keys.seal('id', 'tk_secret');
    expect(new SealedKeys(secret).open('id', sealed)).toBe('tk_secret');
    expect(keys.seal('id', 'tk_secret')).not.toBe(sealed);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('secret');
  });

  it('says nothing under another secret, for another id, or changed', () => {
    const sealed = keys.seal('id', 'tk_secret');
    expect(new SealedKeys(randomBytes(32).toString('base64')).open('id', sealed)).toBeUndefined();
    expect(keys.open('other', sealed)).toBeUndefined();
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[14]! ^= 1;
    expect(keys.open('id', bytes.toString('base64url'))).toBeUndefined();
  });
});
