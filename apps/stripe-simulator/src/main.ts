import { ConfigurationError } from '@app/http';
import { createLogger } from '@app/observability';
import { readConfig } from './config.js';
import { openSimulator } from './simulator.js';

/** Milliseconds that an ordered end may take. */
const SHUTDOWN = 25_000;

const logger = createLogger('stripe-simulator');

try {
  const simulator = await openSimulator(readConfig());
  const stop = (why: string) => {
    logger.info({ why }, 'stopping');
    setTimeout(() => process.exit(1), SHUTDOWN).unref();
    void simulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (process.connected) process.once('disconnect', () => stop('the parent process is gone'));
} catch (error) {
  const known = error instanceof ConfigurationError || (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  logger.fatal(known ? {} : { err: error }, (error as Error).message);
  process.exit(1);
}
