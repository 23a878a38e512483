import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderApi } from './provider-api.js';

/** The provider's ledger over HTTP, for the audit, which asks as an operator's command does. */
export class LedgerServer {
  private constructor(private readonly server: Server) {}

  static async open(api: ProviderApi): Promise<LedgerServer> {
    const server = createServer((request, response) => {
      const { status, body } = api.answer({
        method: request.method ?? '',
        path: request.url ?? '',
        body: '',
        idempotencyKey: undefined,
      });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LedgerServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
