import { once } from 'node:events';
import type { Server } from 'node:http';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { CONFIG, type Config } from '../../config.js';

const PortOrder = z.strictObject({
  open: z.boolean(),
  /** After so long it is open again by itself. */
  seconds: z
    .number()
    .min(0)
    .max(24 * 3600)
    .optional(),
});
type PortOrder = z.infer<typeof PortOrder>;

/** Being away: the simulator's port refuses connections, also those to the hosted page; webhooks go out all the same. */
@Injectable()
export class ClosePort implements BeforeApplicationShutdown {
  private port = 0;
  private return: NodeJS.Timeout | undefined;
  /** Orders are carried out one after another. */
  private done: Promise<void> = Promise.resolve();

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(AdminRoutes) routes: AdminRoutes,
  ) {
    routes.add('PUT', '/port', PortOrder, (order) => this.obey(order));
    routes.addSwitch('port', { now: () => this.now(), reset: async () => void (await this.obey({ open: true })) });
  }

  /** An application that ends does not come back. */
  beforeApplicationShutdown(): void {
    clearTimeout(this.return);
  }

  private async obey({ open, seconds }: PortOrder): Promise<object> {
    clearTimeout(this.return);
    this.done = this.done.catch(() => undefined).then(() => (open ? this.open() : this.close()));
    await this.done;
    if (!open && seconds !== undefined) {
      this.return = setTimeout(() => void this.obey({ open: true }), seconds * 1_000).unref();
    }
    return this.now();
  }

  private async open(): Promise<void> {
    const server = this.server();
    if (server.listening || this.port === 0) return;
    await once(server.listen(this.port, this.config.host), 'listening');
  }

  private async close(): Promise<void> {
    const server = this.server();
    if (!server.listening) return;
    this.port = (server.address() as { port: number }).port;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private now(): { open: boolean } {
    return { open: this.server().listening };
  }

  private server(): Server {
    return this.host.httpAdapter.getHttpServer() as Server;
  }
}
