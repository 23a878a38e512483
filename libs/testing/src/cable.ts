import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A cable to a server that can be pulled and plugged in again, or go dead without anybody being told: a TCP forwarder on a
 * port of its own.
 */
export class Cable {
  private readonly ends = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;
  private isFrozen = false;

  private constructor(private readonly target: { host: string; port: number }) {}

  /** @returns the cable, and the same URL through it. */
  static async to(url: string, defaultPort: number): Promise<{ cable: Cable; url: string }> {
    const through = new URL(url);
    const cable = new Cable({ host: through.hostname, port: Number(through.port || defaultPort) });
    await cable.plugIn();
    through.hostname = '127.0.0.1';
    through.port = String(cable.port);
    return { cable, url: through.href };
  }

  async plugIn(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(this.target);
      for (const [end, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.ends.add(end);
        end.on('error', () => other.destroy());
        end.on('close', () => this.ends.delete(end) && other.destroy());
        end.pipe(other);
        if (this.isFrozen) end.pause();
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Nothing passes any more, in either direction, and no connection ends: the server hangs. New ones are still accepted. */
  freeze(): void {
    this.isFrozen = true;
    for (const end of this.ends) end.pause();
  }

  /** What was held back passes now. */
  thaw(): void {
    this.isFrozen = false;
    for (const end of this.ends) end.resume();
  }

  /** Cuts every connection and refuses new ones. */
  async pull(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const end of this.ends) end.destroy();
    await closed;
  }
}
