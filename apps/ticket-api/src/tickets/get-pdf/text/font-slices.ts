import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create, type Font } from 'fontkit';
import subsetFont from 'subset-font';
import { asLetters } from './ticket-fonts.js';

const require = createRequire(import.meta.url);

/** Scripts that the first font lacks, each by the family that has it; the Chinese, Japanese and Korean ones share most characters. */
export const FAMILIES = ['jp', 'sc', 'tc', 'kr', 'thai', 'devanagari'] as const;
export type Family = (typeof FAMILIES)[number];
export type Weight = 400 | 700;

interface Slice {
  file: string;
  codePoints: readonly number[];
}

/**
 * A family of Noto Sans as it is cut up for web pages: a hundred files of some 150 characters each, so that a text reads
 * only those that it needs, in some milliseconds. Each has all weights; one weight of it is made on demand and kept.
 */
class SlicedFamily {
  private index?: ReadonlyMap<number, Slice>;
  private readonly opened = new Map<string, Font>();
  private readonly opening = new Map<string, Promise<void>>();

  constructor(private readonly family: Family) {}

  /** The font that has the character, once it was loaded. */
  face(codePoint: number, weight: Weight): { name: string; font: Font } | undefined {
    const name = nameOf(this.slices().get(codePoint), weight);
    const font = name === undefined ? undefined : this.opened.get(name);
    // The ranges name some characters that the files lack.
    return name !== undefined && font?.hasGlyphForCodePoint(codePoint) ? { name, font } : undefined;
  }

  async load(codePoint: number, weight: Weight): Promise<void> {
    const slice = this.slices().get(codePoint);
    const name = nameOf(slice, weight);
    if (!slice || name === undefined || this.opened.has(name)) return;
    const opening = this.opening.get(name) ?? this.open(slice, weight, name).finally(() => this.opening.delete(name));
    this.opening.set(name, opening);
    await opening;
  }

  /** fontkit cannot embed a variable font that is compressed: HarfBuzz pins the weight and unpacks it. */
  private async open({ file, codePoints }: Slice, weight: Weight, name: string): Promise<void> {
    const bytes = await subsetFont(await readFile(file), String.fromCodePoint(...codePoints), {
      targetFormat: 'truetype',
      variationAxes: { wght: weight },
    });
    const font = create(bytes);
    if (!('layout' in font)) throw new Error(`${file} is a collection of fonts and not one.`);
    this.opened.set(name, asLetters(font));
  }

  private slices(): ReadonlyMap<number, Slice> {
    return (this.index ??= readIndex(this.family));
  }
}

const nameOf = (slice: Slice | undefined, weight: Weight) => slice && `${slice.file}#${weight}`;

const LATIN = /^(cyrillic|greek|latin|vietnamese)/;

/** The package tells which file has which characters, as its style sheets do. Letters that the first font has come from there. */
function readIndex(family: Family): ReadonlyMap<number, Slice> {
  const list = require.resolve(`@fontsource-variable/noto-sans-${family}/unicode.json`);
  const ranges = JSON.parse(readFileSync(list, 'utf8')) as Record<string, string>;
  const index = new Map<number, Slice>();
  for (const [key, range] of Object.entries(ranges)) {
    const part = key.replaceAll(/[[\]]/g, '');
    if (LATIN.test(part)) continue;
    const codePoints = codePointsOf(range).filter((codePoint) => !isPictograph(codePoint));
    const file = join(dirname(list), `files/noto-sans-${family}-${part}-wght-normal.woff2`);
    for (const codePoint of codePoints) if (!index.has(codePoint)) index.set(codePoint, { file, codePoints });
  }
  return index;
}

/** Pictures are in other fonts, whatever the ranges say. */
const isPictograph = (codePoint: number) => codePoint >= 0x1f000 && codePoint < 0x20000;

/** Of a CSS `unicode-range`: `U+3000,U+4e00-4e03`. */
function codePointsOf(range: string): number[] {
  return [...range.matchAll(/U\+([\da-f]+)(?:-([\da-f]+))?/gi)].flatMap(([, from = '', to = from]) => {
    const first = parseInt(from, 16);
    return Array.from({ length: parseInt(to, 16) - first + 1 }, (_, at) => first + at);
  });
}

export const families: Readonly<Record<Family, SlicedFamily>> = {
  jp: new SlicedFamily('jp'),
  sc: new SlicedFamily('sc'),
  tc: new SlicedFamily('tc'),
  kr: new SlicedFamily('kr'),
  thai: new SlicedFamily('thai'),
  devanagari: new SlicedFamily('devanagari'),
};
