import { QUIET_ZONE, qrRuns } from '../qr-code.js';
import { Pen } from './pen.js';
import type { PrintableTicket } from './printable-ticket.js';
import { wordPlace, wordPrice, wordTime, wordZone } from './wording.js';

/** Points (1/72 inch) on A4, 595 × 842, from the top left. */
const CARD = { x: 42, y: 44, width: 511, radius: 14 };
const BAND = 120;
const PADDING = 28;
const BODY = CARD.y + BAND + 26;
/** With its quiet zone. */
const CODE = { size: 212, x: CARD.x + CARD.width - 212 - 18, y: BODY - 12 };
const FACTS = { x: CARD.x + PADDING, width: CODE.x - CARD.x - PADDING - 14 };

const INK = '#1c1b29';
const SOFT = '#63627a';
const FAINT = '#d9d8e3';
const PALE = '#ddd2ff';
const WHITE = '#ffffff';
const DEEP = '#23124f';
const BRIGHT = '#6d35d8';

/** One ticket on the open page. */
export function drawTicket(
  page: PDFKit.PDFDocument,
  ticket: PrintableTicket,
  place: { position: number; of: number },
): void {
  const pen = new Pen(page);
  const factsEnd = writeFacts(pen, ticket);
  const codeEnd = drawCode(pen, ticket);
  const cardEnd = Math.max(factsEnd, codeEnd) + 20;
  drawCard(page, cardEnd - CARD.y);
  writeHeading(pen, ticket.event);
  writeNotes(pen, ticket, cardEnd + 30, place);
}

function writeFacts(pen: Pen, { event, holder, type, price }: PrintableTicket): number {
  const { x, width } = FACTS;
  let y = BODY;
  const label = (text: string) => {
    y = pen.write(text, { x, y, width }, { size: 7.5, color: SOFT, spacing: 1.1, bold: true }) + 3;
  };
  const main = (text: string) => {
    y = pen.write(text, { x, y, width, height: 34 }, { size: 13, color: INK, bold: true });
  };
  const detail = (text: string) => {
    y = pen.write(text, { x, y, width, height: 26 }, { size: 9.5, color: SOFT }) + 1;
  };
  label('WHEN');
  wordTime(event).forEach(main);
  detail(wordZone(event));
  y += 12;
  label('WHERE');
  main(event.venue.name);
  wordPlace(event.venue).forEach(detail);
  y += 12;
  label('HOLDER');
  main(holder);
  y += 12;
  label('TICKET');
  main(type);
  detail(wordPrice(price));
  return y;
}

/** As vectors, so that any printer draws sharp edges: dark on white, with the quiet zone that readers need. */
function drawCode(pen: Pen, { code, number }: PrintableTicket): number {
  const { size, runs } = qrRuns(code);
  const module = CODE.size / (size + 2 * QUIET_ZONE);
  const at = (modules: number) => (modules + QUIET_ZONE) * module;
  for (const { row, column, length } of runs)
    pen.page.rect(CODE.x + at(column), CODE.y + at(row), length * module, module);
  pen.page.fill(INK);
  const { x, width } = { x: CODE.x, width: CODE.size };
  const y = pen.write(
    'TICKET NUMBER',
    { x, y: CODE.y + CODE.size - 6, width },
    { ...CENTERED, size: 7.5, color: SOFT, spacing: 1.1 },
  );
  return pen.write(number, { x, y: y + 2, width }, { ...CENTERED, size: 16, color: INK, spacing: 1.5 });
}

const CENTERED = { align: 'center', bold: true } as const;

function drawCard(page: PDFKit.PDFDocument, height: number): void {
  const { x, y, width, radius } = CARD;
  page.save().roundedRect(x, y, width, height, radius).clip();
  page.rect(x, y, width, BAND).fill(
    page
      .linearGradient(x, y, x + width, y + BAND)
      .stop(0, DEEP)
      .stop(1, BRIGHT),
  );
  page.restore();
  page.roundedRect(x, y, width, height, radius).lineWidth(0.8).strokeColor(FAINT).stroke();
}

/** The title at the largest size at which it fits, with the organizer above it, in the middle of the band. */
function writeHeading(pen: Pen, { title, organizer }: PrintableTicket['event']): void {
  const x = CARD.x + PADDING;
  const width = CARD.width - 2 * PADDING;
  const room = BAND - 56;
  const style = (size: number) => ({ size, color: WHITE, bold: true });
  const size = [28, 25, 22, 19, 16].find((each) => pen.heightOf(title, width, style(each)) <= room) ?? 13;
  const height = Math.min(pen.heightOf(title, width, style(size)), room);
  const top = CARD.y + (BAND - height - 20) / 2;
  pen.write(organizer, { x, y: top, width, height: 14 }, { size: 10.5, color: PALE, spacing: 0.3 });
  pen.write(title, { x, y: top + 20, width, height: room }, style(size));
}

const NOTES = [
  'Show this code at the entrance, on paper or on a screen. It admits one person, once: the first scan counts.',
  'Keep it to yourself. Whoever has a picture of the code can use the ticket before you do.',
];

function writeNotes(
  pen: Pen,
  { orderId }: PrintableTicket,
  y: number,
  { position, of }: { position: number; of: number },
): void {
  const { x, width } = CARD;
  pen.page
    .moveTo(x, y)
    .lineTo(x + width, y)
    .dash(3, { space: 4 })
    .lineWidth(0.8)
    .strokeColor(FAINT)
    .stroke()
    .undash();
  let end = y + 18;
  for (const note of NOTES) end = pen.write(note, { x, y: end, width }, { size: 9.5, color: INK }) + 5;
  const order = `Order ${orderId}${of > 1 ? ` · ticket ${position} of ${of}` : ''}`;
  pen.write(order, { x, y: end + 8, width }, { size: 8, color: SOFT });
}
