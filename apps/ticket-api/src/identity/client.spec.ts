import { describe, expect, it } from '@jest/globals';
import { readableUserAgent } from './client.js';

describe('what a client calls itself', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0 (X11; Linux x86_64)'],
    ['  curl/8.1\u0000\u001b[31m \u202e evil  ', 'curl/8.1 [31m evil'],
    ['', null],
    ['\u0007 ', null],
    [undefined, null],
  ])('is one readable line: %j', (given, shown) => {
    expect(readableUserAgent(given)).toBe(shown);
  });

  it('is cut where it gets long', () => {
    expect(readableUserAgent('a'.repeat(5_000))).toBe('a'.repeat(200));
  });
});
