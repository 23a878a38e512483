import { createRequire } from 'node:module';
import { openSync, type Font } from 'fontkit';

export const REGULAR = 'ticket';
export const BOLD = 'ticket-bold';

/** DejaVu Sans has Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian, Georgian and most symbols in one free face. */
function open(file: string): Font {
  const font = openSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`));
  if (!('layout' in font)) throw new Error(`${file} is a collection of fonts and not one.`);
  for (const codePoint of font.characterSet) if (!isPresentationForm(codePoint)) font.glyphForCodePoint(codePoint);
  return font;
}

/**
 * fontkit keeps a glyph as it was first asked for. Had it been as a part of another (ż has a z in it), the glyph would
 * stand for no letter, and the text of every later document could not be searched or read aloud. Ligatures and the forms
 * of Arabic letters are left to the text that they are made for.
 */
const isPresentationForm = (codePoint: number) =>
  (codePoint >= 0xfb00 && codePoint <= 0xfdff) || (codePoint >= 0xfe70 && codePoint <= 0xfefc);

let opened: { regular: Font; bold: Font } | undefined;

/** Parsed once and kept: parsing costs several times as much as setting a ticket. */
const fonts = () =>
  (opened ??= { regular: open('DejaVuSansCondensed.ttf'), bold: open('DejaVuSansCondensed-Bold.ttf') });

/** Makes REGULAR and BOLD known to a document. pdfkit takes a parsed font as it is; its types know only files and bytes. */
export function registerFonts(document: PDFKit.PDFDocument): void {
  document.registerFont(REGULAR, fonts().regular as unknown as Uint8Array);
  document.registerFont(BOLD, fonts().bold as unknown as Uint8Array);
}

const pictograph = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });

const isDrawn = (character: string) => fonts().regular.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);

/** Text without the pictographs that the font lacks: an empty box in a title looks like damage. Letters always stay. */
export const printable = (text: string): string =>
  Array.from(clusters.segment(text), ({ segment }) => segment)
    .filter((cluster) => !pictograph.test(cluster) || Array.from(cluster).every(isDrawn))
    .join('')
    .replace(/\s+/gu, ' ')
    .trim();
