import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, Health, NestLogger } from '@app/observability';
import { AdminServer } from './admin/admin-server.js';
import { createAdapter } from './api/adapter.js';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';

export interface Simulator {
  host: string;
  port: number;
  adminPort: number | undefined;
  /** Takes nothing more, lets what runs finish, then closes the database. */
  close: () => Promise<void>;
}

/** Opens the simulator and listens, without touching the process. @throws when the port is taken or the login is unsafe. */
export async function openSimulator(config: Config): Promise<Simulator> {
  const logger = createLogger('stripe-simulator', config.logLevel);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), createAdapter(logger), {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  const health = app.get(Health, { strict: false });
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  health.markStarted();
  const { port } = app.getHttpServer().address() as AddressInfo;
  const { port: adminPort } = app.get(AdminServer, { strict: false });
  logger.info({ host: config.host, port, adminPort }, 'listening');
  const close = async () => {
    health.markStopping();
    await app.close();
  };
  return { host: config.host, port, adminPort, close };
}
