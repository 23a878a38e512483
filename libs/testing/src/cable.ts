import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A cable to a server that can be cut, pulled and plugged in again, be slow, or go dead without anybody being told: a TCP
 * forwarder on a port of its own.
 */
export class Cable {
  private readonly ends = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;
  private lateness = 0;
  private frozen: { until: Promise<void>; thaw: () => void } | undefined;

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
    if (this.server) return;
    const server = createServer((near) => {
      // One that had waited to be accepted when the cable was pulled.
      if (this.server !== server) return void near.destroy();
      const far = connect(this.target);
      for (const [end, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.ends.add(end);
        end.on('error', () => other.destroy());
        end.on('close', () => this.ends.delete(end) && other.destroy());
        // A connection that breaks in the middle has closed both ends by then.
        void this.forward(end, other).catch(() => undefined);
      }
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  /** Nothing passes any more, in either direction, and no connection ends: the server hangs. New ones are still accepted. */
  freeze(): void {
    let thaw = () => undefined as void;
    const until = new Promise<void>((resolve) => (thaw = resolve));
    this.frozen ??= { until, thaw };
  }

  /** What was held back passes now. */
  thaw(): void {
    this.frozen?.thaw();
    this.frozen = undefined;
  }

  /** From now on everything arrives so many milliseconds later, in both directions; 0: at once again. */
  delay(milliseconds: number): void {
    this.lateness = milliseconds;
  }

  /** Cuts every connection; new ones are accepted. */
  cut(): void {
    for (const end of this.ends) end.destroy();
  }

  /** Cuts every connection and refuses new ones. */
  async pull(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    this.cut();
    await closed;
  }

  private async forward(from: Socket, to: Socket): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (this.lateness > 0) await sleep(this.lateness);
      while (this.frozen) await this.frozen.until;
      if (!to.write(chunk)) await once(to, 'drain');
    }
    to.end();
  }
}
