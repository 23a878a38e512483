import PDFDocument from 'pdfkit';
import { setImmediate } from 'node:timers/promises';
import { drawTicket } from './draw-ticket.js';
import type { PrintableTicket } from '../printable-ticket.js';
import { TaggedPage } from './tagged-page.js';
import { Faces } from './text/faces.js';
import { Pen } from './text/pen.js';

/** Milliseconds after which everything else that waits has its turn. */
const SLICE = 8;

/**
 * A PDF with one A4 page for each ticket, about 3 ms a page, made in slices: meanwhile others are answered. It is tagged for screen
 * readers (PDF/UA). The tickets are of one event.
 * @param from position of the first one among `of`, counted from 1
 */
export async function renderTickets(
  tickets: readonly PrintableTicket[],
  { compress = true, from = 1, of = tickets.length } = {},
): Promise<Buffer> {
  const faces = new Faces(tickets[0]?.event.timezone ?? 'UTC');
  await faces.load(new Set(tickets.flatMap(textsOf)));
  const title = titleOf(tickets, of);
  const document = new PDFDocument({
    ...{ autoFirstPage: false, size: 'A4', margin: 0, compress, lang: 'en', displayTitle: true },
    ...{ tagged: true, subset: 'PDF/UA' as 'PDF/A-1', pdfVersion: '1.7' as const },
    info: { Title: title, Producer: 'ticketing-platform', Creator: 'ticketing-platform' },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  const root = document.struct('Document');
  document.addStructure(root);
  const pen = new Pen(document, faces);
  let since = performance.now();
  for (const [index, ticket] of tickets.entries()) {
    document.addPage();
    const page = new TaggedPage(document, root, `Ticket ${ticket.number}`);
    drawTicket(pen, page, ticket, { position: from + index, of });
    page.end();
    if (performance.now() - since < SLICE) continue;
    await setImmediate();
    since = performance.now();
  }
  root.end();
  document.end();
  return done;
}

const textsOf = ({ holder, type, event: { title, organizer, venue, terms } }: PrintableTicket): string[] =>
  [holder, type, title, organizer, terms, venue.name, venue.address, venue.city, venue.country].filter(
    (text) => text !== null,
  );

const titleOf = ([first]: readonly PrintableTicket[], of: number): string =>
  first ? `${of === 1 ? 'Ticket' : `${of} tickets`}: ${first.event.title}` : 'Tickets';
