import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { ExpectedError } from './expected-error.mjs';
import { run } from './run.mjs';

const TREES = ['apps', 'libs'];
const SETTINGS = ['nest-cli.json', 'tsconfig.json', '.swcrc', 'package-lock.json'];

const markOf = (root) => join(root, 'dist', '.built');

export const isBuilt = (root) =>
  existsSync(markOf(root)) && readFileSync(markOf(root), 'utf8') === fingerprintOf(root) && !wasBuiltByHand(root);

/** Somebody who compiled other sources meanwhile left output that our mark knows nothing of. */
function wasBuiltByHand(root) {
  const { mtimeMs } = statSync(markOf(root));
  return TREES.flatMap((tree) => filesBelow(root, `dist/${tree}`)).some(
    (file) => statSync(join(root, file)).mtimeMs > mtimeMs,
  );
}

/** Contents and not times: reading some hundred small files costs a few milliseconds and is never wrong. */
function fingerprintOf(root) {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  const files = [...SETTINGS, ...TREES.flatMap((tree) => filesBelow(root, tree))];
  for (const file of files.filter((name) => existsSync(join(root, name)))) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function filesBelow(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(root, path) : [path];
    });
}

export async function build(root) {
  const since = Date.now();
  const fingerprint = fingerprintOf(root);
  mkdirSync(join(root, 'dist'), { recursive: true });
  rmSync(markOf(root), { force: true });
  const cli = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const { code } = await run(process.execPath, [cli, 'build'], root, { quiet: true });
  if (code !== 0) throw new ExpectedError('The sources do not compile; the compiler says above where.');
  removeStale(root);
  await bundle(root);
  writeFileSync(markOf(root), fingerprint);
  console.log(`Built in ${((Date.now() - since) / 1000).toFixed(1)} s.`);
}

/**
 * Output without a source goes after the build and not before it: a platform that runs from this clone may be
 * restarting a service from it at this moment.
 */
function removeStale(root) {
  for (const file of TREES.flatMap((tree) => filesBelow(root, `dist/${tree}`))) {
    const source = file.replace(/^dist\//, '').replace(/\.js(\.map)?$/, '');
    if (!['.ts', '.mts', '.js', ''].some((ending) => existsSync(join(root, source + ending)))) rmSync(join(root, file));
  }
}
