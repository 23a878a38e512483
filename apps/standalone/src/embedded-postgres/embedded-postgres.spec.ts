import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  mkdirSync,
  mkdtempSync,
  chmodSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { choosePorts } from '../data-directory/ports.js';
import { openDataDirectory } from '../data-directory/data-directory.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { findBinaries } from './binaries.js';
import { place } from './placement.js';
import { findPostmaster, startPostmaster } from './postmaster.js';
import { whoRunsPostgres } from './run-as.js';

jest.setTimeout(30_000);

let directory: string;
let folder: string;
let port: number;
const told: string[] = [];
const started: EmbeddedPostgres[] = [];

function launcher(password = 'a password', on = port) {
  const postgres = new EmbeddedPostgres({
    folder,
    port: on,
    logFile: join(directory, 'postgres.log'),
    password,
    tell: (_, message) => told.push(message),
  });
  started.push(postgres);
  return postgres;
}

/** What a launcher leaves that is killed: a server that nobody watches. */
async function leaveBehind(password: string) {
  await launcher(password).start();
  await started[0]?.stop();
  const user = whoRunsPostgres(folder);
  return startPostmaster(
    place(findBinaries(), folder, user, () => undefined),
    port,
    user,
    join(directory, 'postgres.log'),
  );
}

async function ask<T>(url: string, query: string): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return Object.values((await client.query<Record<string, T>>(query)).rows[0] ?? {})[0] as T;
  } finally {
    await client.end();
  }
}

async function until(condition: () => boolean, patience = 10_000) {
  for (const end = Date.now() + patience; !condition(); await sleep(20))
    if (Date.now() > end) throw new Error('it never happened');
}

beforeEach(async () => {
  told.length = 0;
  directory = openDataDirectory(mkdtempSync(join(tmpdir(), 'standalone-postgres-'))).root;
  folder = join(directory, 'postgres');
  ({ postgres: port } = await choosePorts(join(directory, 'ports.json'), ['postgres']));
});

afterEach(async () => {
  for (const postgres of started.splice(0)) await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('embedded PostgreSQL', () => {
  it('keeps its data over a stop and a start, in UTF-8, durably, and lets nobody in without the password', async () => {
    const first = launcher();
    await first.start();
    await ask(first.url('postgres'), `create table kept as select 'ŁÓDŹ' as city`);
    await first.stop();
    expect(findPostmaster(folder)).toBeUndefined();

    const second = launcher();
    await second.start();
    expect(await ask(second.url('postgres'), 'select lower(city) from kept')).toBe('łódź');
    expect(await ask(second.url('postgres'), 'show server_encoding')).toBe('UTF8');
    expect(await ask(second.url('postgres'), 'show fsync')).toBe('on');
    expect(await ask(second.url('postgres'), 'show listen_addresses')).toBe('127.0.0.1');
    const stranger = second.url('postgres').replace(/:[^:@]*@/, ':guess@');
    await expect(ask(stranger, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('never runs as root', async () => {
    const postgres = launcher();
    await postgres.start();
    // PostgreSQL insists that its user owns the folder, and that nobody else looks in.
    expect(statSync(folder).uid).not.toBe(0);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('adopts the healthy server of a launcher that was killed', async () => {
    const { pid } = await leaveBehind('a password');
    expect(EmbeddedPostgres.portInUse(folder)).toBe(port);
    const next = launcher();
    await next.start();
    expect(findPostmaster(folder)?.pid).toBe(pid);
    expect(await ask(next.url('postgres'), 'select 1')).toBe(1);
    expect(told.join()).toContain(`adopted the database that the last run left (process ${pid}`);
    await next.stop();
    expect(findPostmaster(folder)).toBeUndefined();
  });

  it('ends the server of a launcher that was killed if it does not take our password', async () => {
    const { pid } = await leaveBehind('a password');
    await launcher('another password').start();
    expect(findPostmaster(folder)?.pid).not.toBe(pid);
  });

  it('starts the server again when it is killed', async () => {
    const postgres = launcher();
    await postgres.start();
    const { pid } = findPostmaster(folder) ?? {};
    process.kill(pid ?? 0, 'SIGKILL');
    await until(() => told.includes('the database is back'));
    expect(findPostmaster(folder)?.pid).not.toBe(pid);
    expect(await ask(postgres.url('postgres'), 'select 1')).toBe(1);
  });

  it('is not misled by a pid file that names a living stranger', async () => {
    const postgres = launcher();
    await postgres.start();
    const pidFile = readFileSync(join(folder, 'postmaster.pid'), 'utf8');
    await postgres.stop();
    writeFileSync(join(folder, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)));
    const next = launcher();
    await next.start();
    expect(await ask(next.url('postgres'), 'select 1')).toBe(1);
  });

  it('begins anew what an interrupted first start left', async () => {
    mkdirSync(`${folder}.new`);
    writeFileSync(join(`${folder}.new`, 'half'), '');
    const postgres = launcher();
    await postgres.start();
    expect(await ask(postgres.url('postgres'), 'select 1')).toBe(1);
  });

  it('says what PostgreSQL said when it cannot start', async () => {
    const first = launcher();
    await first.start();
    const other = mkdtempSync(join(tmpdir(), 'standalone-postgres-'));
    const second = new EmbeddedPostgres({
      folder: join(other, 'postgres'),
      port,
      logFile: join(other, 'log'),
      password: 'x',
      tell: () => undefined,
    });
    await expect(second.start()).rejects.toThrow(/Address already in use/);
    rmSync(other, { recursive: true });
  });

  it('has its data in the data directory, or where its user can get if that lies in a closed folder', async () => {
    const closed = join(directory, 'closed');
    mkdirSync(join(closed, 'data'), { recursive: true });
    chmodSync(closed, 0o700);
    folder = join(closed, 'data', 'postgres');
    const postgres = launcher();
    await postgres.start();
    const place = realpathSync(folder);
    await postgres.stop();
    const next = launcher();
    await next.start();
    expect(await ask(next.url('postgres'), 'show data_directory')).toBe(place);
    await next.stop();
    if (process.getuid?.() === 0) {
      expect(told.join()).toContain(`its data will lie in ${place}`);
      expect(dirname(place)).toBe('/var/lib/ticketing-platform');
      rmSync(place, { recursive: true });
    } else {
      expect(place).toBe(realpathSync(closed) + '/data/postgres');
    }
  });
});
