import { createRequire } from 'node:module';
import { openSync, type Font } from 'fontkit';

/** DejaVu Sans has Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian, Georgian and most symbols in one free face. */
function open(file: string): Font {
  const font = openSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`));
  if (!('layout' in font)) throw new Error(`${file} is a collection of fonts and not one.`);
  return asLetters(font);
}

/**
 * fontkit keeps a glyph as it was first asked for. Had it been as a part of another (ż has a z in it), the glyph would
 * stand for no letter, and the text of every later document could not be searched or read aloud. Ligatures and the forms
 * of Arabic letters are left to the text that they are made for.
 */
export function asLetters(font: Font): Font {
  for (const codePoint of font.characterSet) if (!isPresentationForm(codePoint)) font.glyphForCodePoint(codePoint);
  return font;
}

const isPresentationForm = (codePoint: number) =>
  (codePoint >= 0xfb00 && codePoint <= 0xfdff) || (codePoint >= 0xfe70 && codePoint <= 0xfefc);

let opened: { regular: Font; bold: Font } | undefined;

/** Parsed once and kept: parsing costs several times as much as setting a ticket. */
export const ticketFonts = () =>
  (opened ??= { regular: open('DejaVuSansCondensed.ttf'), bold: open('DejaVuSansCondensed-Bold.ttf') });
