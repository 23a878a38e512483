import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passage {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * `pass`; `away`: the connection breaks before anything got through; `mute`: all got through, but the answer is lost;
 * `hold`: answered with 200 and not forwarded; a number: answered with that status and an error as Stripe shapes it.
 */
export type Traffic = 'pass' | 'away' | 'mute' | 'hold' | number;

/** A crossing of HTTP between two peers, where a spec sees what passes and can stop it. */
export class Crossing {
  /** Everything that came, in order, whatever became of it. */
  readonly seen: Passage[] = [];
  traffic: (passage: Passage) => Traffic | Promise<Traffic> = () => 'pass';
  target = '';
  private readonly server: Server;

  private constructor() {
    this.server = createServer((incoming, outgoing) => void this.cross(incoming, outgoing));
  }

  static async open(target = ''): Promise<Crossing> {
    const crossing = new Crossing();
    crossing.target = target;
    await new Promise<void>((resolve) => crossing.server.listen(0, '127.0.0.1', resolve));
    return crossing;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What came to paths that begin like this. */
  to(method: string, path: string): Passage[] {
    return this.seen.filter((passage) => passage.method === method && passage.path.startsWith(path));
  }

  /** Sends something over the crossing again, past its traffic rules. */
  async send({ method, path, headers, body }: Passage): Promise<{ status: number; body: string }> {
    const answer = await this.forward({ method, path, headers, body });
    return { status: answer.statusCode ?? 0, body: (await bytesOf(answer)).toString() };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async cross(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    const body = await bytesOf(incoming);
    const passage = { method: incoming.method ?? '', path: incoming.url ?? '', headers, body };
    this.seen.push(passage);
    const traffic = await this.traffic(passage);
    if (traffic === 'away') return void incoming.socket.destroy();
    if (traffic === 'hold') return void outgoing.end();
    if (typeof traffic === 'number')
      return void outgoing.writeHead(traffic).end('{"error":{"type":"invalid_request_error","message":"of a spec"}}');
    try {
      const answer = await this.forward(passage);
      const answered = await bytesOf(answer);
      if (traffic === 'mute') return void incoming.socket.destroy();
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(answered);
    } catch {
      incoming.socket.destroy();
    }
  }

  private forward({ method, path, headers, body }: Passage): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { connection: _, ...end2end } = headers;
      request(`${this.target}${path}`, { method, headers: end2end }, resolve).on('error', reject).end(body);
    });
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
