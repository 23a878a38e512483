import PDFDocument from 'pdfkit';
import { drawTicket } from './draw-ticket.js';
import type { PrintableTicket } from './printable-ticket.js';
import { registerFonts } from './ticket-fonts.js';

/** A PDF with one A4 page for each ticket. About 5 ms a page. */
export function renderTickets(tickets: readonly PrintableTicket[], { compress = true } = {}): Promise<Buffer> {
  const document = new PDFDocument({
    autoFirstPage: false,
    size: 'A4',
    margin: 0,
    compress,
    lang: 'en',
    displayTitle: true,
    info: { Title: titleOf(tickets), Producer: 'ticketing-platform', Creator: 'ticketing-platform' },
  });
  registerFonts(document);
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  for (const [index, ticket] of tickets.entries()) {
    document.addPage();
    drawTicket(document, ticket, { position: index + 1, of: tickets.length });
  }
  document.end();
  return done;
}

const titleOf = (tickets: readonly PrintableTicket[]): string =>
  tickets[0]
    ? `${tickets.length === 1 ? 'Ticket' : `${tickets.length} tickets`}: ${tickets[0].event.title}`
    : 'Tickets';
