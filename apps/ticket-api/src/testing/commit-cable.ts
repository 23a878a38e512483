import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a transaction's end is asked for with, and what the server answers. */
const ASKED = Buffer.from('commit\0');
const DONE = Buffer.from('COMMIT\0');

interface Cut {
  /** Sent within the transaction, in some value. */
  about: Buffer;
  when: 'before' | 'after';
}

/**
 * A cable to PostgreSQL that breaks at the commit of one transaction: before the server hears of it, or before the client
 * hears that it is done, as when a server fails over. The client cannot tell which.
 */
export class CommitCable {
  private cut: Cut | undefined;

  private constructor(private readonly server: Server) {}

  /** @returns the cable, and the same URL through it. */
  static async to(url: string): Promise<{ cable: CommitCable; url: string }> {
    const { hostname, port } = new URL(url);
    const server = createServer((near) => cable.join(near, connect(Number(port || 5432), hostname)));
    const cable = new CommitCable(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String((server.address() as AddressInfo).port);
    return { cable, url: through.href };
  }

  /** Breaks once, at the commit of the next transaction in which this text is sent. */
  cutOnce(when: Cut['when'], about: string): void {
    this.cut = { about: Buffer.from(about), when };
  }

  get hasCut(): boolean {
    return this.cut === undefined;
  }

  remove(): void {
    this.server.close();
  }

  private join(near: Socket, far: Socket): void {
    let isMeant = false;
    let isCommitting = false;
    const breakIt = () => {
      this.cut = undefined;
      near.destroy();
      far.destroy();
    };
    near.on('data', (sent) => {
      if (this.cut && sent.includes(this.cut.about)) isMeant = true;
      isCommitting = isMeant && sent.includes(ASKED);
      if (this.cut && isCommitting && this.cut.when === 'before') breakIt();
      else far.write(sent);
    });
    far.on('data', (answered) => {
      if (this.cut && isCommitting && answered.includes(DONE)) breakIt();
      else near.write(answered);
    });
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const)
      end.on('error', () => other.destroy()).on('close', () => other.destroy());
  }
}
