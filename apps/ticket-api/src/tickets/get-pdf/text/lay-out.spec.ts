import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Face } from './faces.js';
import { layOut } from './lay-out.js';
import type { Line } from './line.js';

/** Every character is one point wide; capitals are of another font. */
const face = (name: string) => ({ name }) as Face;
const [small, capital] = [face('small'), face('capital')];
const box = (width: number) => ({
  width,
  faceOf: (character: string) => (/[A-Z]/.test(character) ? capital : small),
  measure: (text: string) => Array.from(text).length,
});
const textOf = (line: Line) => line.map(({ text }) => text).join('');
const widthOf = (line: Line) => Array.from(textOf(line)).length;

const words = fc.array(fc.string({ unit: fc.constantFrom(...'abcXYZ東京é'), minLength: 1, maxLength: 12 }), {
  maxLength: 20,
});
const paragraphs = fc.array(
  words.map((list) => list.join(' ')),
  { maxLength: 4 },
);

describe('lines of a text', () => {
  it('are never wider than their box, and lose nothing but spaces', () => {
    fc.assert(
      fc.property(paragraphs, fc.integer({ min: 1, max: 30 }), (given, width) => {
        const lines = layOut(given, box(width));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.map(textOf).join('').replaceAll(' ', '')).toBe(given.join('').replaceAll(' ', ''));
      }),
    );
  });

  it('are as many as there may be, the last one with an ellipsis where something was cut off, and only there', () => {
    fc.assert(
      fc.property(paragraphs, fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 5 }), (given, width, most) => {
        const all = layOut(given, box(width));
        const lines = layOut(given, box(width), most);
        expect(lines.length).toBe(Math.min(all.length, most));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.some((line) => textOf(line).includes('…'))).toBe(all.length > most);
      }),
    );
  });

  it('end between words, and where Chinese and Japanese may end', () => {
    const lines = (text: string, width: number) => layOut([text], box(width)).map(textOf);
    expect(lines('one two three', 8)).toEqual(['one two', 'three']);
    expect(lines('東京の音楽会', 4)).toEqual(['東京の音', '楽会']);
    // A full stop does not begin a line.
    expect(lines('音楽会。東京', 3)).toEqual(['音楽', '会。東', '京']);
    expect(lines('unbreakable', 4)).toEqual(['unbr', 'eaka', 'ble']);
  });

  it('end between Thai words, which have no spaces', () => {
    const lines = layOut(['คอนเสิร์ตดนตรี'], box(10)).map(textOf);
    expect(lines).toEqual(['คอนเสิร์ต', 'ดนตรี']);
  });

  it('are cut into parts of one font each', () => {
    const [line = []] = layOut(['abCDef'], box(20));
    expect(line.map(({ text, face: { name } }) => [text, name])).toEqual([
      ['ab', 'small'],
      ['CD', 'capital'],
      ['ef', 'small'],
    ]);
  });
});
