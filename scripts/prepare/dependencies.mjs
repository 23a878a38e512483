import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from './expected-error.mjs';
import { run } from './run.mjs';

const markOf = (root) => join(root, 'node_modules', '.prepared');

/** What node_modules was installed from: the lockfile, and the kind of machine (native packages differ by it). */
const fingerprintOf = (root) =>
  createHash('sha256')
    .update(`${process.platform}-${process.arch}\n`)
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/** Also true, and noted for the next time, when somebody ran `npm ci` by hand. */
export function isInstalled(root) {
  const fingerprint = fingerprintOf(root);
  if (readText(markOf(root)) === fingerprint) return true;
  if (!wasInstalledByHand(root)) return false;
  writeFileSync(markOf(root), fingerprint);
  return true;
}

/** npm leaves a copy of the lockfile with what it installed, as its last act. */
function wasInstalledByHand(root) {
  const left = readText(join(root, 'node_modules', '.package-lock.json'));
  if (!left) return false;
  const installed = JSON.parse(left).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  delete wanted[''];
  return (
    Object.keys(installed).every((name) => name in wanted) &&
    Object.entries(wanted).every(([name, { version, integrity, optional }]) =>
      installed[name] ? installed[name].version === version && installed[name].integrity === integrity : optional,
    )
  );
}

/** Some twenty seconds of trying, instead of minutes of silence on a machine without network. */
const RETRIES = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000'];

export async function install(root) {
  console.log('Installing the dependencies (npm ci); the first time takes a minute or two …');
  const since = Date.now();
  // Development dependencies hold the compiler, so they are wanted whatever NODE_ENV says.
  const { code, output } = await run(
    ...npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', ...RETRIES]),
    root,
  );
  if (code !== 0) throw new ExpectedError(explain(output));
  writeFileSync(markOf(root), fingerprintOf(root));
  console.log(`Installed in ${seconds(since)} s.`);
}

/** npm's own script if npm started us, so that it is the same npm; else the one on the path. */
function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli) && existsSync(cli)) return [process.execPath, [cli, ...args]];
  return ['npm', args];
}

function explain(output) {
  if (
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/.test(
      output,
    )
  ) {
    return (
      'The dependencies are not installed yet, and npm cannot reach its registry. Go online (behind a proxy: ' +
      '`npm config set proxy …`; with a mirror: `npm config set registry …`) and run the command again.'
    );
  }
  if (/\bENOSPC\b/.test(output)) return 'The disk is full: the dependencies need about 700 MB.';
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) {
    return 'npm may not write into node_modules. Give this user the right to write into the clone, or clone it again as this user.';
  }
  return 'npm ci failed; its own words are above. Mend that and run the command again.';
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);
