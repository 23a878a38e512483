import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ExpectedError } from '../expected-error.js';
import type { Placement } from './placement.js';
import type { RunAs } from './run-as.js';

export const OWNER = 'postgres';

/**
 * Makes the cluster if it is missing: UTF-8 with the built-in locale, which sorts alike on every machine, and password
 * logins only. What an interrupted attempt left is done anew. @throws with initdb's own words
 */
export async function initialise(
  { home, cluster }: Placement,
  link: string,
  user: RunAs,
  password: string,
): Promise<void> {
  if (existsSync(join(cluster, 'PG_VERSION'))) return;
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = `${cluster}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  for (const path of user ? [draft, passwordFile] : []) chownSync(path, user?.uid ?? 0, user?.gid ?? 0);
  try {
    await initdb(home, draft, passwordFile, user);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
  if (dirname(cluster) !== dirname(link) && !existsSync(link)) symlinkSync(cluster, link);
}

async function initdb(home: string, folder: string, passwordFile: string, user: RunAs): Promise<void> {
  const options = [
    `--pgdata=${folder}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  try {
    await promisify(execFile)(join(home, 'bin', 'initdb'), options, {
      ...user,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
    });
  } catch (error) {
    const { code, stderr, message } = error as Error & { code: unknown; stderr?: string };
    if (stderr?.includes('user does not exist')) throw new ExpectedError(NO_NAME);
    throw new Error(`initdb failed: ${stderr?.trim() || (code === 'ENOENT' ? NO_GLIBC : message)}`, { cause: error });
  }
}

const NO_NAME = `PostgreSQL runs only for a user that has a name, and the id ${process.getuid?.()} has none on this machine. Start the platform as an ordinary user, or give a PostgreSQL of your own in DATABASE_URL.`;
const NO_GLIBC =
  'this Linux cannot run the binaries (they need glibc; Alpine has none). Give a PostgreSQL of your own in DATABASE_URL.';
