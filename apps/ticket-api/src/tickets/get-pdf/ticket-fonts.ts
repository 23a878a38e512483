import { createRequire } from 'node:module';
import { openSync, type Font } from 'fontkit';

export interface TicketFonts {
  regular: Font;
  bold: Font;
}

/** DejaVu Sans has Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian, Georgian and most symbols in one free face. */
const open = (file: string): Font => {
  const font = openSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`));
  if (!('layout' in font)) throw new Error(`${file} is a collection of fonts and not one.`);
  return font;
};

let fonts: TicketFonts | undefined;

/** Parsed once and kept: parsing costs ten times as much as setting a ticket. */
export const ticketFonts = (): TicketFonts =>
  (fonts ??= { regular: open('DejaVuSansCondensed.ttf'), bold: open('DejaVuSansCondensed-Bold.ttf') });

const pictograph = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0e\ufe0f]/u;

/** Text without the pictographs that the font lacks: an empty box in a title looks like damage. Letters always stay. */
export const printable = (text: string, { regular }: TicketFonts): string =>
  Array.from(text)
    .filter((character) => !pictograph.test(character) || regular.hasGlyphForCodePoint(character.codePointAt(0) ?? 0))
    .join('')
    .replace(/\s+/gu, ' ')
    .trim();
