import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { senderName } from './sender-name.js';

/** Anything, and often what headers and addresses are made of. */
const unit = fc.oneof(
  fc.constantFrom(...'<>@"\\\r\n\u202e'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);

describe('the name of a sender', () => {
  it('is the organizer, by way of the platform', () => {
    expect(senderName('Klub Wytwórnia', 'Tickets')).toBe('Klub Wytwórnia via Tickets');
    expect(senderName(undefined, 'Tickets')).toBe('Tickets');
    expect(senderName(' \n ', 'Tickets')).toBe('Tickets');
    expect(senderName('Halle 7', '')).toBe('Halle 7');
  });

  it('is one line, of bounded length, without what makes an address, for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), (name) => {
        const shown = senderName(name, 'Tickets');
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}<>@"\\]/u);
        expect([...shown].length).toBeLessThanOrEqual(72);
        expect(shown.endsWith('Tickets')).toBe(true);
      }),
    );
  });
});
