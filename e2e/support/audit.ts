import { spawn } from 'node:child_process';
import { testServerUrl, type Platform } from '@app/testing';
import { databasePrefixOf } from './owner.js';

export interface Told {
  code: number | null;
  said: string;
}

/** `npm run audit`. */
export const audit = (environment: Record<string, string>, ...arguments_: string[]): Promise<Told> =>
  run(environment, 'audit', ...arguments_);

/** A command that is told where the data lies and, of a database that is not embedded, the owner's login. */
export function run(environment: Record<string, string>, command: string, ...arguments_: string[]): Promise<Told> {
  const child = spawn(process.execPath, [`dist/programs/standalone/${command}.js`, ...arguments_], {
    env: { PATH: process.env.PATH, ...environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

/** With the real services the databases bear the prefix that the queues of the running platform bear. */
export function auditEnvironmentOf(platform: Platform): Record<string, string> {
  const { dataDirectory } = platform;
  if (!process.env.TEST_SERVICES) return { DATA_DIR: dataDirectory };
  const url = new URL(testServerUrl());
  url.pathname = `/${databasePrefixOf(platform)}`;
  return {
    DATA_DIR: dataDirectory,
    DATABASE_URL: url.href,
    ...(process.env.MESSAGE_RETRY_DELAYS && { MESSAGE_RETRY_DELAYS: process.env.MESSAGE_RETRY_DELAYS }),
  };
}
