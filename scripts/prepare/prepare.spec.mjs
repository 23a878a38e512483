import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, isBuilt } from './build.mjs';
import { isInstalled } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { isSupported, requireSupportedNode } from './node-version.mjs';

jest.setTimeout(60_000);

const here = dirname(fileURLToPath(import.meta.url));
const repository = dirname(dirname(here));
let root;

const write = (path, content) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prepare-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('Node', () => {
  it('is refused below 20.19, and in the lines that a dependency refuses', () => {
    const refused = ['v18.20.0', 'v20.18.3', 'v21.7.0', 'v22.12.0', 'v23.1.0'];
    const taken = ['v20.19.0', 'v20.20.2', 'v22.13.0', 'v24.0.0', 'v26.1.0'];
    expect([...refused, ...taken].filter(isSupported)).toEqual(taken);
    expect(() => requireSupportedNode('v18.20.0')).toThrow(
      /This is Node v18.20.0, and the platform needs Node 20.19 or newer/,
    );
  });
});

describe('dependencies', () => {
  const lockfile = (version) =>
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version, integrity: `sha-${version}` } } });
  const installed = (version) =>
    JSON.stringify({ packages: { 'node_modules/a': { version, integrity: `sha-${version}` } } });

  it('that were never installed, or differently, are missing', () => {
    write('package-lock.json', lockfile('1.0.0'));
    expect(isInstalled(root)).toBe(false);
    write('node_modules/.package-lock.json', installed('0.9.0'));
    expect(isInstalled(root)).toBe(false);
    write('node_modules/.prepared', 'another lockfile');
    expect(isInstalled(root)).toBe(false);
  });

  it('that somebody installed by hand, as the lockfile says, are taken', () => {
    write('package-lock.json', lockfile('1.0.0'));
    write('node_modules/.package-lock.json', installed('1.0.0'));
    expect(isInstalled(root)).toBe(true);
    write('package-lock.json', lockfile('1.1.0'));
    expect(isInstalled(root)).toBe(false);
  });
});

describe('the build', () => {
  const module = (value) => `export const value = ${JSON.stringify(value)};\n`;

  beforeEach(() => {
    for (const file of ['nest-cli.json', 'tsconfig.json', '.swcrc'])
      copyFileSync(join(repository, file), join(root, file));
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    write('package.json', '{"type":"module"}');
    write('package-lock.json', '{}');
    write('apps/a/src/main.ts', module('first'));
    write('libs/b/src/index.ts', module('library'));
  });
  const built = async (path) =>
    (await import(`${pathToFileURL(join(root, 'dist', path)).href}?${Math.random()}`)).value;

  it('follows the sources, and is not repeated without need', async () => {
    expect(isBuilt(root)).toBe(false);
    await build(root);
    expect(isBuilt(root)).toBe(true);
    expect(readFileSync(join(root, 'dist/apps/a/src/main.js'), 'utf8')).toContain('first');
    // Same size, same time: only the content tells.
    const { atime, mtime } = statSync(join(root, 'apps/a/src/main.ts'));
    write('apps/a/src/main.ts', module('again'));
    utimesSync(join(root, 'apps/a/src/main.ts'), atime, mtime);
    expect(isBuilt(root)).toBe(false);
    await build(root);
    expect(await built('apps/a/src/main.js')).toBe('again');
  });

  it('puts each program into one file with all that it imports', async () => {
    write('apps/a/src/main.ts', "export { value } from '../../../libs/b/src/index.js';\nexport { z } from 'zod';\n");
    await build(root);
    unlinkSync(join(root, 'node_modules'));
    expect(await built('programs/a/main.js')).toBe('library');
  });

  it('leaves no process beside ours', async () => {
    write('apps/a/src/main.ts', module('alone'));
    await build(root);
    const { stdout } = spawnSync('ps', ['-e', '-o', 'ppid=,stat=,args='], { encoding: 'utf8' });
    const children = stdout.split('\n').filter((row) => row.trim().startsWith(`${process.pid} `));
    expect(children.filter((row) => row.includes('esbuild') && !/^\s*\d+ Z/.test(row))).toEqual([]);
  });

  it('gives a program one TypeORM, also where Nest asks for it by a way of its own', async () => {
    write('apps/a/src/migrate.ts', "export { TypeOrmModule } from '@nestjs/typeorm';\n");
    await build(root);
    const program = readFileSync(join(root, 'dist/programs/a/migrate.js'), 'utf8');
    expect(program).toContain('resolveTypeormExport');
    expect(program).not.toMatch(/\brequire\d*\(['"]typeorm['"]\)/);
  });

  it('leaves a package that is not installed to be missed when it is used', async () => {
    write('apps/a/src/main.ts', "export const value = await import('not-installed').catch((error) => error.code);\n");
    await build(root);
    expect(await built('programs/a/main.js')).toMatch(/MODULE_NOT_FOUND/);
  });

  it('drops the output of sources that are gone, and keeps the rest in place meanwhile', async () => {
    write('apps/a/src/old.ts', module('old'));
    await build(root);
    rmSync(join(root, 'apps/a/src/old.ts'));
    expect(isBuilt(root)).toBe(false);
    await build(root);
    expect(existsSync(join(root, 'dist/apps/a/src/old.js'))).toBe(false);
    expect(existsSync(join(root, 'dist/libs/b/src/index.js'))).toBe(true);
  });

  it('is repeated after somebody compiled something else by hand', async () => {
    await build(root);
    const later = new Date(Date.now() + 5_000);
    utimesSync(join(root, 'dist/apps/a/src/main.js'), later, later);
    expect(isBuilt(root)).toBe(false);
  });

  it('that fails says so, and is tried again', async () => {
    write('apps/a/src/main.ts', 'export const value = (;');
    const shown = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(build(root)).rejects.toThrow(/do not compile/);
    expect(shown.mock.calls.join()).toContain('main.ts');
    shown.mockRestore();
    expect(isBuilt(root)).toBe(false);
  });
});

describe('two preparations of one clone', () => {
  const lock = () => join(root, 'dist/.preparing');

  it('go one after the other', async () => {
    const other = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { withLock } from ${JSON.stringify(pathToFileURL(join(here, 'lock.mjs')).href)};
       await withLock(${JSON.stringify(root)}, () => new Promise((resolve) => { process.stdout.write('held'); setTimeout(resolve, 700); }));`,
    ]);
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const told = jest.spyOn(console, 'log').mockReturnValue();
    const since = Date.now();
    await withLock(root, () => undefined);
    expect(Date.now() - since).toBeGreaterThan(400);
    expect(told.mock.calls.join()).toContain(`process ${other.pid}`);
    told.mockRestore();
    expect(existsSync(lock())).toBe(false);
  });

  it('do not wait for one that died', async () => {
    write('dist/.preparing', String(2 ** 22 + 1));
    expect(await withLock(root, () => 'done')).toBe('done');
    expect(existsSync(lock())).toBe(false);
  });
});
