import { exitStatusOf } from '@app/configuration';
import { createLogger } from '@app/observability';
import { readConfig } from './config.js';
import { openSimulator, type Simulator } from './simulator.js';

/** Milliseconds that an ordered end may take. */
const SHUTDOWN = 25_000;

const logger = createLogger('stripe-simulator');
process.on('unhandledRejection', fail).on('uncaughtException', fail);
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => stop(signal));

const opening = open();

async function open(): Promise<Simulator | undefined> {
  try {
    return await openSimulator(readConfig());
  } catch (error) {
    return fail(error);
  }
}

/** Also `disconnect`, which says that the parent process is gone. */
function stop(why: string): void {
  if (stopping) return;
  stopping = true;
  logger.info({ why }, 'stopping');
  setTimeout(() => process.exit(1), SHUTDOWN).unref();
  void opening.then((simulator) => simulator?.close()).then(() => process.exit(0), fail);
}

function fail(error: unknown): never {
  const status = exitStatusOf(error);
  logger.fatal(status === 1 ? { err: error } : {}, (error as Error).message);
  process.exit(status);
}
