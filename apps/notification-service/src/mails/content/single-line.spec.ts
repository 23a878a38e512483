import { describe, expect, it } from '@jest/globals';
import { singleLine, withoutLinks } from './single-line.js';

describe('singleLine', () => {
  it.each([
    ['a line break', 'Ada\r\nBcc: all@example.com', 'Ada Bcc: all@example.com'],
    ['NUL and other controls', 'A\u0000d\u0007a\u0085', 'A d a'],
    ['Unicode separators', 'A\u2028d\u2029a', 'A d a'],
    ['marks that turn the direction', '\u202eabc\u2066', 'abc'],
  ])('turns %s into a space', (_, given, shown) => {
    expect(singleLine(given)).toBe(shown);
  });

  it('reaches every string within the facts and leaves the rest', () => {
    expect(singleLine({ event: { title: 'A\nB' }, items: [{ name: 'C\nD', quantity: 2 }], city: null })).toEqual({
      event: { title: 'A B' },
      items: [{ name: 'C D', quantity: 2 }],
      city: null,
    });
  });

  it('keeps joined emoji and right-to-left scripts', () => {
    expect(singleLine('👩‍👩‍👧 مرحبا')).toBe('👩‍👩‍👧 مرحبا');
  });
});

describe('withoutLinks', () => {
  it('breaks what a mail program would make a link of', () => {
    expect(withoutLinks('see https://evil.example/x or me@evil.example')).not.toMatch(/\w\.\w|:\/|@\w/);
  });

  it('changes nothing that is seen', () => {
    expect(withoutLinks('Halle 7 e.V.').replaceAll('\u200b', '')).toBe('Halle 7 e.V.');
  });
});
