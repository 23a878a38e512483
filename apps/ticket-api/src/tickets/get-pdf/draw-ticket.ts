import { code128Bars } from '../code128.js';
import { QUIET_ZONE, qrRuns } from '../qr-code.js';
import { drawTerms } from './draw-terms.js';
import type { PrintableTicket } from '../printable-ticket.js';
import { BAND, BODY, CARD, CODE, COLORS, FACTS, PADDING } from './sheet.js';
import type { TaggedPage } from './tagged-page.js';
import type { Pen } from './text/pen.js';
import { wordPlace, wordPrice, wordTime, wordZone } from '../wording.js';

/** Where a page stands among those that were asked for. */
export interface Place {
  position: number;
  of: number;
}

/** One ticket on the open page, in the order in which it is read. */
export function drawTicket(pen: Pen, tags: TaggedPage, ticket: PrintableTicket, place: Place): void {
  tags.decoration(() => drawBand(pen.page));
  writeHeading(pen, tags, ticket.event);
  const factsEnd = writeFacts(pen, tags, ticket, place);
  const codeEnd = drawCodes(pen, tags, ticket);
  const cardEnd = Math.max(factsEnd, codeEnd) + 16;
  tags.decoration(() => drawEdges(pen.page, cardEnd));
  const notesEnd = writeNotes(pen, tags, cardEnd + 18);
  drawTerms(pen, tags, ticket.event, notesEnd + 12);
}

function drawBand(page: PDFKit.PDFDocument): void {
  const { x, y, width, radius } = CARD;
  page
    .save()
    .roundedRect(x, y, width, BAND + radius, radius)
    .clip();
  const colors = page.linearGradient(x, y, x + width, y + BAND);
  page.rect(x, y, width, BAND).fill(colors.stop(0, COLORS.deep).stop(1, COLORS.bright));
  page.restore();
}

/** The title in one large line if it fits, else as large as it fits, with the organizer above it, in the middle of the band. */
function writeHeading(pen: Pen, tags: TaggedPage, { title, organizer }: PrintableTicket['event']): void {
  const x = CARD.x + PADDING;
  const width = CARD.width - 2 * PADDING;
  const room = BAND - 52;
  const style = (size: number) => ({ size, color: COLORS.white, bold: true });
  const fits = (height: (size: number) => number) => (each: number) =>
    pen.heightOf(title, width, style(each)) <= height(each);
  const oneLine = [28, 25, 22, 20].find(fits((each) => 1.5 * each));
  const size = oneLine ?? [25, 22, 19, 16].find(fits(() => room)) ?? 13;
  const height = Math.min(pen.heightOf(title, width, style(size)), room);
  const top = CARD.y + (BAND - height - 20) / 2;
  tags.as('P', () =>
    pen.write(organizer, { x, y: top, width, height: 14 }, { size: 10.5, color: COLORS.pale, spacing: 0.3 }),
  );
  tags.as('H1', () => pen.write(title, { x, y: top + 20, width, height: room }, style(size)));
}

function writeFacts(pen: Pen, tags: TaggedPage, ticket: PrintableTicket, { position, of }: Place): number {
  const { event, holder, type, price, orderId } = ticket;
  const { x, width } = FACTS;
  let y = BODY;
  const write = (text: string, height: number, style: Parameters<Pen['write']>[2]) =>
    tags.as('P', () => (y = pen.write(text, { x, y, width, height }, style)));
  const label = (text: string) => {
    write(text, 12, { size: 7.5, color: COLORS.soft, spacing: 1.1, bold: true });
    y += 3;
  };
  const main = (text: string) => write(text, 34, { size: 13, color: COLORS.ink, bold: true });
  const detail = (text: string) => {
    write(text, 26, { size: 9.5, color: COLORS.soft });
    y += 1;
  };
  label('WHEN');
  wordTime(event).forEach(main);
  detail(wordZone(event));
  y += 10;
  label('WHERE');
  main(event.venue.name);
  wordPlace(event.venue).forEach(detail);
  y += 10;
  label('HOLDER');
  main(holder);
  y += 10;
  label(of > 1 ? `TICKET ${position} OF ${of}` : 'TICKET');
  main(type);
  detail(wordPrice(price));
  y += 10;
  label('ORDER');
  write(orderId, 14, { size: 9.5, color: COLORS.ink });
  return y;
}

/** As vectors, so that any printer draws sharp edges: dark on white, with the quiet zones that readers need. */
function drawCodes(pen: Pen, tags: TaggedPage, { code, number }: PrintableTicket): number {
  const { x, y, size } = CODE;
  tags.figure(`The code that admits, for ticket ${number}`, [x, y, x + size, y + size], () => drawQr(pen.page, code));
  const label = { ...CENTERED, size: 7.5, color: COLORS.soft, spacing: 1.1 };
  let end = y + size - 4;
  tags.as('P', () => (end = pen.write('TICKET NUMBER', { x, y: end, width: size }, label) + 4));
  const bars = { left: x + 18, width: size - 36, height: 26 };
  const box: [number, number, number, number] = [bars.left, end, bars.left + bars.width, end + bars.height];
  const words = `Barcode of the ticket number ${number}; it finds the ticket and admits nobody`;
  tags.figure(words, box, () => drawBars(pen.page, number, bars, end));
  end += bars.height + 4;
  tags.as(
    'P',
    () =>
      (end = pen.write(number, { x, y: end, width: size }, { ...CENTERED, size: 15, color: COLORS.ink, spacing: 1.5 })),
  );
  return end;
}

const CENTERED = { align: 'center', bold: true } as const;

function drawQr(page: PDFKit.PDFDocument, code: string): void {
  const { size, runs } = qrRuns(code);
  const module = CODE.size / (size + 2 * QUIET_ZONE);
  const at = (modules: number) => (modules + QUIET_ZONE) * module;
  for (const { row, column, length } of runs) page.rect(CODE.x + at(column), CODE.y + at(row), length * module, module);
  page.fill(COLORS.ink);
}

function drawBars(
  page: PDFKit.PDFDocument,
  number: string,
  box: { left: number; width: number; height: number },
  top: number,
): void {
  const { width, bars } = code128Bars(number);
  const module = box.width / width;
  for (const bar of bars) page.rect(box.left + bar.at * module, top, bar.width * module, box.height);
  page.fill(COLORS.ink);
}

/** Around the card, and where the sheet may be folded below it. */
function drawEdges(page: PDFKit.PDFDocument, end: number): void {
  const { x, y, width, radius } = CARD;
  page
    .roundedRect(x, y, width, end - y, radius)
    .lineWidth(0.8)
    .strokeColor(COLORS.faint)
    .stroke();
}

const NOTES = [
  'Show the square code at the entrance, on paper or on a screen. It admits one person, once: the first scan counts.',
  'Keep it to yourself. Whoever has a picture of the code can use the ticket before you do.',
];

function writeNotes(pen: Pen, tags: TaggedPage, y: number): number {
  const { x, width } = CARD;
  let end = y;
  for (const note of NOTES)
    tags.as('P', () => (end = pen.write(note, { x, y: end, width }, { size: 9.5, color: COLORS.ink }) + 4));
  return end;
}
