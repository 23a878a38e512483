import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../expected-error.js';

/** Where everything that one platform remembers lies. */
export interface DataDirectory {
  readonly root: string;
  readonly lock: string;
  readonly secrets: string;
  readonly ports: string;
  /** Addresses of the running platform, for other programs. */
  readonly platform: string;
  /** Login to the broker of the running platform, for `npm run dead-letters`. */
  readonly broker: string;
  /** The processes that were started, so that a successor can end those that a crash left. */
  readonly processes: string;
  readonly postgres: string;
  /** Where the demo is to be found, once it was complete. */
  readonly demo: string;
  readonly logs: string;
  readonly mail: string;
  readonly compileCache: string;
}

/** @throws ExpectedError when it cannot be made or written to */
export function openDataDirectory(root: string): DataDirectory {
  try {
    if (mkdirSync(root, { recursive: true })) chmodSync(root, 0o700);
    mkdirSync(join(root, 'logs'), { recursive: true, mode: 0o700 });
    accessSync(root, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ExpectedError(
      `DATA_DIR ${root} cannot be written to (${(error as NodeJS.ErrnoException).code}). Name another folder in DATA_DIR, or give this user the right to it.`,
    );
  }
  return {
    root,
    lock: join(root, 'platform.lock'),
    secrets: join(root, 'secrets.json'),
    ports: join(root, 'ports.json'),
    platform: join(root, 'platform.json'),
    broker: join(root, 'broker.json'),
    processes: join(root, 'processes.json'),
    postgres: join(root, 'postgres'),
    demo: join(root, 'demo.json'),
    logs: join(root, 'logs'),
    mail: join(root, 'mail'),
    compileCache: join(root, 'compile-cache'),
  };
}
