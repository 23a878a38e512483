import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, NestLogger } from '@app/observability';
import type { AddressInfo } from 'node:net';
import { createAdapter } from './adapter.js';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { SmtpReceiver } from './receive/smtp-receiver.js';

export interface Mailbox {
  /** Base address of the page. */
  readonly url: string;
  readonly smtpPort: number;
  /** Lets deliveries that have begun finish. */
  close(): Promise<void>;
}

/** Opens both doors, SMTP first, without touching the process. @throws when a port is taken */
export async function openMailbox(config: Config, logger = createLogger('mailbox', config.logLevel)): Promise<Mailbox> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), createAdapter(), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const smtp = app.get(SmtpReceiver);
  const close = async () => {
    await smtp.close();
    await app.close();
  };
  try {
    const smtpPort = await smtp.listen();
    await app.listen(config.port, config.host);
    const { port } = app.getHttpServer().address() as AddressInfo;
    logger.info({ port, smtpPort, folder: config.mailFolder }, 'listening');
    return { url: `http://${config.host}:${port}`, smtpPort, close };
  } catch (error) {
    await close();
    throw error;
  }
}
