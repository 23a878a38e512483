import { exitStatusOf } from '@app/configuration';
import { createLogger } from '@app/observability';
import { readConfig } from './config.js';
import { openMailbox } from './mailbox.js';

/** Milliseconds that an ordered end may take. */
const SHUTDOWN = 10_000;

try {
  const mailbox = await openMailbox(readConfig());
  const stop = () => {
    setTimeout(() => process.exit(1), SHUTDOWN).unref();
    void mailbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (process.connected) process.once('disconnect', stop);
} catch (error) {
  const status = exitStatusOf(error);
  createLogger('mailbox').fatal(status === 1 ? { err: error } : {}, (error as Error).message);
  process.exit(status);
}
