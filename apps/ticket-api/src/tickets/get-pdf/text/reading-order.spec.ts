import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Face } from './faces.js';
import { asSeen } from './reading-order.js';

const face = { name: 'one' } as Face;
const seen = (line: string) => asSeen(line, (text) => [{ text, face }]);
/** What is seen from left to right: the font library turns the runs that are from the right. */
const visible = (line: string) =>
  seen(line)
    .map(({ text, isRightToLeft }) => (isRightToLeft ? Array.from(text).reverse().join('') : text))
    .join('');

describe('a line in the order in which it is seen', () => {
  it.each([
    ['Jazz', 'Jazz'],
    ['שלום עולם', 'םלוע םולש'],
    ['Jazz שלום 2030', 'Jazz 2030 םולש'],
    ['שלום 2030', '2030 םולש'],
    ['ערב (2) Jazz', 'Jazz (2) ברע'],
    ['Jazz (שלום)', 'Jazz (םולש)'],
    ['عدد 12 و 34', '34 و 12 ددع'],
  ])('%s is %s', (line, expected) => expect(visible(line)).toBe(expected));

  it('has all that is in the line, brackets aside', () => {
    const unit = fc.constantFrom(...'abאבגשע12 ,.-ابج'.split(''));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (line) => {
        expect(Array.from(visible(line)).sort()).toEqual(Array.from(line).sort());
      }),
    );
  });
});
