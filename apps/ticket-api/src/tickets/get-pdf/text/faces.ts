import type { Font } from 'fontkit';
import { families, type Family, type Weight } from './font-slices.js';
import { ticketFonts } from './ticket-fonts.js';

export interface Face {
  /** Of the font in the document. */
  name: string;
  font: Font;
}

/** The face of most letters, which gives lines their height whatever else is in them. */
export const firstFace = (bold: boolean): Face => {
  const { regular, bold: heavy } = ticketFonts();
  return bold ? { name: 'ticket-bold', font: heavy } : { name: 'ticket', font: regular };
};

/** Signs without a picture of their own, which join or vary the one before them. */
const joining = /\p{Join_Control}|\p{Variation_Selector}/u;

/**
 * Which font draws a character. Chinese, Japanese and Korean write many of the same with other strokes: a text with kana is
 * taken as Japanese, one with Hangul as Korean, and one with neither as they write where the event is.
 */
export class Faces {
  constructor(private readonly timezone: string) {}

  /** Reads what the texts need beyond the first font. Afterwards `of` finds it. */
  async load(texts: Iterable<string>): Promise<void> {
    for (const text of texts) {
      const preference = this.preference(text);
      for (const codePoint of missing(text)) await loadFirst(codePoint, preference);
    }
  }

  /** The face of each character of a text; undefined for what no font has. */
  of(text: string, bold: boolean): (character: string) => Face | undefined {
    const face = firstFace(bold);
    const preference = this.preference(text);
    const known = new Map<string, Face | undefined>();
    return (character) => {
      if (known.has(character)) return known.get(character);
      const codePoint = character.codePointAt(0) ?? 0;
      const has = face.font.hasGlyphForCodePoint(codePoint);
      const found = has ? face : faceAmong(preference, codePoint, bold ? 700 : 400);
      known.set(character, found);
      return found;
    };
  }

  private preference(text: string): readonly Family[] {
    if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return PREFERENCES.jp;
    if (/\p{Script=Hangul}/u.test(text)) return PREFERENCES.kr;
    return PREFERENCES[WRITTEN_IN[this.timezone] ?? 'sc'];
  }
}

async function loadFirst(codePoint: number, preference: readonly Family[]): Promise<void> {
  for (const family of preference) {
    for (const weight of [400, 700] as const) await families[family].load(codePoint, weight);
    if (families[family].face(codePoint, 400)) return;
  }
}

function faceAmong(preference: readonly Family[], codePoint: number, weight: Weight): Face | undefined {
  for (const family of preference) {
    const face = families[family].face(codePoint, weight);
    if (face) return face;
  }
  return undefined;
}

function missing(text: string): number[] {
  const { regular: font, bold } = ticketFonts();
  const characters = [...new Set(text)].filter((character) => character > '\u007f' && !joining.test(character));
  return characters
    .map((character) => character.codePointAt(0) ?? 0)
    .filter((codePoint) => !font.hasGlyphForCodePoint(codePoint) || !bold.hasGlyphForCodePoint(codePoint));
}

const others = ['thai', 'devanagari'] as const;
const PREFERENCES = {
  jp: ['jp', 'sc', 'tc', 'kr', ...others],
  kr: ['kr', 'sc', 'tc', 'jp', ...others],
  sc: ['sc', 'tc', 'jp', 'kr', ...others],
  tc: ['tc', 'sc', 'jp', 'kr', ...others],
} as const satisfies Record<string, readonly Family[]>;

const WRITTEN_IN: Readonly<Record<string, keyof typeof PREFERENCES>> = {
  'Asia/Tokyo': 'jp',
  'Asia/Seoul': 'kr',
  'Asia/Taipei': 'tc',
  'Asia/Hong_Kong': 'tc',
  'Asia/Macau': 'tc',
};
