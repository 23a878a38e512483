import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExpectedError } from '../expected-error.js';

/** The user under whom PostgreSQL runs; `undefined` means ours. */
export type RunAs = { readonly name: string; readonly uid: number; readonly gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root. A cluster that is there already keeps its owner.
 * @throws ExpectedError when we are root and there is nobody else
 */
export function whoRunsPostgres(cluster: string): RunAs {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { name: `with id ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout || NaN),
    );
    if (uid && gid) return { name, uid, gid };
  }
  throw new ExpectedError(
    'PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody`. Start the platform as an ordinary user, or make one: useradd --system postgres',
  );
}

const READ = 4;
const PASS = 1;

/** Whether that user may read this file: by owner, group and modes of it and of every folder on the way. */
export const canRead = (user: RunAs, file: string) =>
  !user || (allows(file, user, READ) && canPass(user, dirname(file)));

/** Whether that user may walk through this folder to what lies in it. */
export function canPass(user: RunAs, folder: string): boolean {
  if (!user) return true;
  if (!allows(folder, user, PASS)) return false;
  return folder === dirname(folder) || canPass(user, dirname(folder));
}

function allows(path: string, user: NonNullable<RunAs>, bits: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}
