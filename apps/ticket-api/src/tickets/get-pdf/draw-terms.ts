import type { PrintableTicket } from '../printable-ticket.js';
import { CARD, COLORS, SHEET_END } from './sheet.js';
import type { TaggedPage } from './tagged-page.js';
import type { Pen } from './text/pen.js';

/** From the best to read; below the last nobody does. Many short lines fit in two columns. */
const LAYOUTS = [
  { size: 9, columns: 1 },
  { size: 8, columns: 1 },
  { size: 8, columns: 2 },
  { size: 7.25, columns: 2 },
  { size: 6.5, columns: 2 },
];
const SMALLEST = { size: 6.5, columns: 2 };

/** The organizer's terms in what is left of the page. What cannot fit is left out, and the last line says where it stands. */
export function drawTerms(pen: Pen, tags: TaggedPage, { terms, url }: PrintableTicket['event'], top: number): void {
  if (terms === null || terms.trim() === '') return;
  const { x, width } = CARD;
  tags.decoration(() => drawFold(pen.page, top));
  let y = top + 14;
  tags.as(
    'H2',
    () =>
      (y =
        pen.write(
          'TERMS OF THE ORGANIZER',
          { x, y, width },
          { size: 7.5, color: COLORS.soft, spacing: 1.1, bold: true },
        ) + 4),
  );
  const style = (size: number) => ({ size, color: COLORS.ink });
  const fits = LAYOUTS.find((each) => y + pen.heightOf(terms, width, style(each.size), each.columns) <= SHEET_END);
  if (fits) return tags.as('P', () => pen.write(terms, { x, y, width, columns: fits.columns }, style(fits.size)));
  const pointer = { size: 7.5, color: COLORS.soft, bold: true };
  const whole = `Shortened to fit this page. In full: ${url}`;
  const end = SHEET_END - pen.heightOf(whole, width, pointer) - 3;
  const { size, columns } = SMALLEST;
  tags.as('P', () => (y = pen.write(terms, { x, y, width, columns, height: end - y }, style(size))));
  tags.as('P', () => pen.write(whole, { x, y: y + 3, width }, pointer));
}

function drawFold(page: PDFKit.PDFDocument, y: number): void {
  const { x, width } = CARD;
  page
    .moveTo(x, y)
    .lineTo(x + width, y)
    .dash(3, { space: 4 });
  page.lineWidth(0.8).strokeColor(COLORS.faint).stroke().undash();
}
