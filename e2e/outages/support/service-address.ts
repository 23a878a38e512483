import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Addresses } from './replica.js';

/** Milliseconds between two looks at who is ready. */
const LOOK = 100;

/**
 * What a Kubernetes service does, and no more: each new connection goes to the next replica that is ready. It repeats
 * nothing, and connections that are there stay where they are, also when their replica is ready no more.
 */
export class ServiceAddress {
  private readonly replicas = new Set<Addresses>();
  private ready: Addresses[] = [];
  private turn = 0;
  private readonly sockets = new Set<Socket>();
  private readonly timer = setInterval(() => void this.look(), LOOK);

  private constructor(
    private readonly server: Server,
    private readonly port: 'url' | 'internalUrl',
  ) {
    server.on('connection', (near: Socket) => this.forward(near));
  }

  /** @param port of the replicas that this address stands for */
  static async open(port: 'url' | 'internalUrl' = 'url'): Promise<ServiceAddress> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ServiceAddress(server, port);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get readyCount(): number {
    return this.ready.length;
  }

  add(replica: Addresses): void {
    this.replicas.add(replica);
  }

  close(): void {
    clearInterval(this.timer);
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private async look(): Promise<void> {
    const looked = [...this.replicas].map(async (replica) => {
      const answer = await fetch(`${replica.internalUrl}/health/ready`).catch(() => undefined);
      await answer?.arrayBuffer();
      return answer?.ok ? [replica] : [];
    });
    this.ready = (await Promise.all(looked)).flat();
  }

  private forward(near: Socket): void {
    const replica = this.ready[this.turn++ % this.ready.length];
    if (!replica) return void near.destroy();
    const { hostname: host, port } = new URL(replica[this.port]);
    const far = connect({ host, port: Number(port) });
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(end);
      end.on('error', () => other.destroy());
      end.on('close', () => this.sockets.delete(end) && other.destroy());
      end.pipe(other);
    }
  }
}
