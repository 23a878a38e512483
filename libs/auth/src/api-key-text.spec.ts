import { describe, expect, it } from '@jest/globals';
import { apiKeyHash, isApiKeyText, newApiKey } from './api-key-text.js';

describe("the text of an organization's key", () => {
  const keys = Array.from({ length: 200 }, newApiKey);

  it('is recognised, and each is another one', () => {
    expect(keys.filter((key) => !isApiKeyText(key))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(keys.map((key) => apiKeyHash(key).toString('hex'))).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^tk_[0-9A-Za-z]{38}$/);
  });

  it('with one character changed, missing or more is none', () => {
    for (const key of keys) {
      const at = 3 + (key.charCodeAt(5) % 38);
      const changed = key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
      for (const text of [changed, key.slice(0, -1), `${key}0`, key.slice(3), `tk-${key.slice(3)}`, ` ${key}`])
        expect(isApiKeyText(text)).toBe(false);
    }
    expect(isApiKeyText('')).toBe(false);
  });
});
