import { exitStatusOf, PORT_IN_USE } from '@app/configuration';
import { createLogger } from '@app/observability';
import type { Logger } from 'pino';
import { openService, type RunningService } from './open-service.js';
import type { ServiceConfig, ServiceOptions } from './service-options.js';

/** What runs when we stop serving may take this long (milliseconds). */
const SHUTDOWN_MS = 25_000;

export interface StartOptions<Config extends ServiceConfig> extends ServiceOptions<Config> {
  /** Reads the environment; what it throws ends the process with a clear message. */
  config: () => Config;
}

/**
 * The whole of a service's `main.ts`: reads the config, opens the service, stops it in order on SIGTERM, SIGINT or when
 * the parent process is gone. A failed start, an unhandled rejection or exception ends the process: `exitStatusOf` says how.
 */
export async function startService<Config extends ServiceConfig>(options: StartOptions<Config>): Promise<void> {
  let logger = createLogger(options.name);
  const fail = (error: unknown, message: string, status = 1) => {
    logger.fatal({ err: error }, message);
    process.exit(status);
  };
  process.on('unhandledRejection', (error) => fail(error, 'unhandled rejection'));
  process.on('uncaughtException', (error) => fail(error, 'uncaught exception'));
  let opening: Promise<RunningService> | undefined;
  stopWhenAsked(options.name, () => opening);
  try {
    const config = options.config();
    logger = createLogger(options.name, config.logLevel);
    opening = openService(options, config, logger);
    await opening;
  } catch (error) {
    const status = exitStatusOf(error);
    return fail(status === 1 ? error : undefined, startMessage(error), status);
  }
}

function stopWhenAsked(name: string, opening: () => Promise<RunningService> | undefined): void {
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    void shutDown(name, why, opening());
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  if (process.connected) process.on('disconnect', () => stop('the parent process is gone'));
}

async function shutDown(name: string, why: string, opening: Promise<RunningService> | undefined): Promise<void> {
  const service = await opening?.catch(() => undefined);
  const logger: Logger = service?.logger ?? createLogger(name);
  logger.info({ why }, 'stopping');
  const limit = SHUTDOWN_MS + (service?.shutdownDelay ?? 0);
  setTimeout(() => {
    logger.error('did not stop in time');
    process.exit(1);
  }, limit).unref();
  try {
    await service?.close();
    logger.info('stopped');
    process.exit(0);
  } catch (error) {
    logger.error({ err: error }, 'stopped badly');
    process.exit(1);
  }
}

function startMessage(error: unknown): string {
  if (exitStatusOf(error) !== PORT_IN_USE) return error instanceof Error ? error.message : 'could not start';
  const { port, address } = error as { port: number; address: string };
  return `Port ${port} of ${address} is in use by another process.`;
}
