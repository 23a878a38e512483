import { undoAll } from './clean-ups.mjs';

/** As a shell reports a command that was interrupted: 128 + SIGINT. */
const INTERRUPTED = 130;

/**
 * What `work` comes to, unless a signal ends it: then what it started is stopped and removed, and the
 * process ends. The other children end by themselves when this process does.
 */
export function interruptible(work) {
  let isInterrupted = false;
  const interrupt = async () => {
    // A terminal and npm send the signal both.
    if (isInterrupted) return;
    isInterrupted = true;
    console.error('\nInterrupted: what was started is stopped, and there is no result.');
    // Connections break on both sides now; that says nothing.
    process.on('uncaughtException', () => undefined);
    await undoAll();
    process.exit(INTERRUPTED);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  return new Promise((resolve, reject) => {
    work().then(
      (result) => isInterrupted || resolve(result),
      (error) => isInterrupted || reject(error),
    );
  });
}
