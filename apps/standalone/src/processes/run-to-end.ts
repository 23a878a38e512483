import { fork } from 'node:child_process';
import { ConfigurationError, EX_CONFIG } from '@app/configuration';
import type { Log } from '../logs/log.js';
import { lastWords } from './last-words.js';

export interface Errand {
  name: string;
  entry: string;
  environment: Readonly<Record<string, string>>;
  log: Log;
  signal: AbortSignal;
}

/** Runs a program of ours that does one thing and ends. @throws with its last words unless it ends with 0; ConfigurationError when it says that it cannot use its environment */
export function runToEnd({ name, entry, environment, log, signal }: Errand): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, {
      env: environment,
      silent: true,
      detached: true,
      execArgv: [],
      signal,
      killSignal: 'SIGTERM',
    });
    const said = lastWords(child, (stream, chunk) => log.take(name, stream, chunk));
    child.once('error', reject);
    child.once('close', (code, killed) => {
      if (code === 0) resolve();
      else if (code === EX_CONFIG) reject(new ConfigurationError(`${name}: ${said()}`));
      else reject(new Error(`${name}: ${entry} ended with ${killed ?? `code ${code}`}. ${said()}`));
    });
  });
}
