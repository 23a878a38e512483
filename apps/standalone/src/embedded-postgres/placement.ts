import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExpectedError } from '../expected-error.js';
import { completeBinaries, type Binaries } from './binaries.js';
import { canPass, canRead, type RunAs } from './run-as.js';

export interface Placement {
  /** The folder of `bin`, `lib` and `share` to run from. */
  readonly home: string;
  /** Real path of the cluster; it need not exist yet. */
  readonly cluster: string;
}

/** Where root puts what another user must reach, when the clone or the data directory lies in a closed folder. */
const OPEN_PLACE = '/var/lib/ticketing-platform';

/**
 * Decides where binaries and data lie. Both stay where they are unless the user who runs PostgreSQL cannot get there;
 * then binaries are copied, and the data goes elsewhere (`initialise` leaves a link to it).
 * @param link where the data lies, or the link to it, in the data directory
 */
export function place(binaries: Binaries, link: string, user: RunAs, tell: (message: string) => void): Placement {
  return { home: placeBinaries(binaries, dirname(link), user, tell), cluster: placeCluster(link, user, tell) };
}

function placeBinaries(
  { home, label }: Binaries,
  dataDirectory: string,
  user: RunAs,
  tell: (message: string) => void,
): string {
  if (canRunFrom(home, user) && completeBinaries(home)) return home;
  const copy = join(user ? OPEN_PLACE : dataDirectory, label);
  if (!existsSync(copy)) {
    tell(`the user ${user?.name ?? 'who starts us'} cannot run PostgreSQL from ${home}: copying it to ${copy}`);
    copyForAll(home, copy);
  }
  return copy;
}

const canRunFrom = (home: string, user: RunAs) =>
  [join('bin', 'postgres'), join('share', 'postgresql', 'postgresql.conf.sample')].every((file) =>
    canRead(user, join(home, file)),
  );

function copyForAll(home: string, copy: string): void {
  const draft = `${copy}.${process.pid}`;
  // The paths in the list of links begin with the folder's name in the package.
  const native = join(draft, 'native');
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(home, native, { recursive: true, verbatimSymlinks: true });
  completeBinaries(native);
  openToAll(native);
  try {
    renameSync(native, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  }
  rmSync(draft, { recursive: true, force: true });
}

function openToAll(path: string): void {
  const { mode } = lstatSync(path);
  if (lstatSync(path).isSymbolicLink()) return;
  chmodSync(path, mode | 0o444 | (mode & 0o100 ? 0o111 : 0));
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

function placeCluster(link: string, user: RunAs, tell: (message: string) => void): string {
  const kept = lstatSync(link, { throwIfNoEntry: false });
  if (kept?.isSymbolicLink()) return realpathSync(link);
  const folder = realpathSync(dirname(link));
  openTheWay(folder, user);
  if (canPass(user, folder)) return join(folder, basename(link));
  if (kept) {
    throw new ExpectedError(
      `The user ${user?.name}, under whom the database runs, cannot get into ${folder} any more. Let others walk through the folders above it (chmod o+x), or move it back.`,
    );
  }
  const cluster = join(OPEN_PLACE, randomUUID());
  mkdirSync(OPEN_PLACE, { recursive: true, mode: 0o755 });
  tell(
    `the user ${user?.name}, under whom the database runs, cannot get into ${folder}: its data will lie in ${cluster}`,
  );
  return cluster;
}

/** The folder that holds the data is ours, and what else lies in it has modes of its own. Those above it may be anybody's. */
function openTheWay(folder: string, user: RunAs): void {
  const { mode, uid } = statSync(folder);
  if (user && uid === process.getuid?.()) chmodSync(folder, (mode & 0o777) | 0o011);
}
