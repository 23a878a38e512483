import { ServiceKeys, ServiceTokens, type ServiceKeyMaterial } from '@app/auth';
import { FindAudience, type Audience } from '@app/contracts';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import PDFDocument from 'pdfkit';

const PROBLEM = 'application/problem+json; charset=utf-8';

export const CALENDAR = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'METHOD:PUBLISH', 'END:VCALENDAR', ''].join('\r\n');

/** An HTTP server that gives out what ticket-api does, to a service with its token: an order's tickets as a PDF, its event for a calendar, and who is at an event. */
export class TicketSource {
  pdf: Buffer = Buffer.alloc(0);
  /** What it answers instead of the PDF, if anything. */
  status: number | undefined;
  contentType = PROBLEM;
  /** What it answers instead of the calendar file, if anything. */
  calendarStatus: number | undefined;
  /** Pages of people, by the person that they come after; nobody if there is none. */
  pages = new Map<string | null, Audience>();
  /** Decides when a page is answered. */
  beforePage: () => Promise<void> = async () => undefined;
  /** Path and calling service of each call, in order. */
  readonly calls: { path: string; caller: string }[] = [];
  /** What was asked of each page, in order. */
  readonly asked: FindAudience[] = [];
  private readonly tokens: ServiceTokens;
  private readonly server: Server;

  constructor(keys: ServiceKeyMaterial) {
    this.tokens = new ServiceTokens(new ServiceKeys('ticket-api', keys));
    this.server = createServer((request, response) => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      void this.tokens.verify(token).then(
        (caller) => {
          this.calls.push({ path: request.url ?? '', caller });
          if (request.url?.endsWith('/audience')) return void this.page(request, response);
          if (request.url?.endsWith('.ics')) return this.calendar(response);
          if (this.status) return response.writeHead(this.status, { 'content-type': this.contentType }).end();
          return response.writeHead(200, { 'content-type': 'application/pdf' }).end(this.pdf);
        },
        () => response.writeHead(401).end(),
      );
    });
  }

  private calendar(response: ServerResponse): unknown {
    if (this.calendarStatus) return response.writeHead(this.calendarStatus, { 'content-type': PROBLEM }).end();
    return response.writeHead(200, { 'content-type': 'text/calendar; charset=utf-8' }).end(CALENDAR);
  }

  private async page(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { after, ...asked } = FindAudience.parse(JSON.parse(Buffer.concat(chunks).toString()));
    this.asked.push({ after, ...asked });
    await this.beforePage();
    if (this.status) return void response.writeHead(this.status, { 'content-type': PROBLEM }).end('{}');
    const page = this.pages.get(after) ?? { people: [], next: null };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    this.pdf = await pdfOf(['Ticket one', 'Ticket two', 'Ticket three']);
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  reset(): void {
    this.status = undefined;
    this.contentType = PROBLEM;
    this.calendarStatus = undefined;
    this.pages = new Map();
    this.beforePage = async () => undefined;
    this.calls.length = 0;
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function pdfOf(pages: string[]): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const page of pages) document.addPage().text(page);
  document.end();
  await once(document, 'end');
  return Buffer.concat(chunks);
}
