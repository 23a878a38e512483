import { ServiceKeys, ServiceTokens, type ServiceKeyMaterial } from '@app/auth';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import PDFDocument from 'pdfkit';

const PROBLEM = 'application/problem+json; charset=utf-8';

/** An HTTP server that gives out an order's tickets as ticket-api does: to a service with its token, as a PDF. */
export class TicketSource {
  pdf: Buffer = Buffer.alloc(0);
  /** What it answers instead of the PDF, if anything. */
  status: number | undefined;
  contentType = PROBLEM;
  /** Path and calling service of each call, in order. */
  readonly calls: { path: string; caller: string }[] = [];
  private readonly tokens: ServiceTokens;
  private readonly server: Server;

  constructor(keys: ServiceKeyMaterial) {
    this.tokens = new ServiceTokens(new ServiceKeys('ticket-api', keys));
    this.server = createServer((request, response) => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      void this.tokens.verify(token).then(
        (caller) => {
          this.calls.push({ path: request.url ?? '', caller });
          if (this.status) return response.writeHead(this.status, { 'content-type': this.contentType }).end();
          return response.writeHead(200, { 'content-type': 'application/pdf' }).end(this.pdf);
        },
        () => response.writeHead(401).end(),
      );
    });
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
    this.calls.length = 0;
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
