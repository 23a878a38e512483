import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Pgbouncer {
  /** The login's way to its database, through the pooler. */
  url: string;
  stop(): Promise<void>;
}

const PATIENCE = 10_000;
const PROGRAM = '/usr/sbin/pgbouncer';

/**
 * A real pgbouncer (`apt-get install pgbouncer`) in transaction mode before one database.
 * @param databaseUrl of a login
 * @param connections to the server at most
 */
export async function startPgbouncer(databaseUrl: string, connections: number): Promise<Pgbouncer> {
  if (!existsSync(PROGRAM)) throw new Error('There is no pgbouncer here: apt-get install pgbouncer.');
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const database = pathname.slice(1);
  const listen = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  const settings = join(folder, 'pgbouncer.ini');
  await writeFile(
    settings,
    `[databases]
${database} = host=${hostname} port=${port || 5432} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 200
`,
  );
  // It refuses to run as root, and then has to read its settings as somebody else.
  await chmod(folder, 0o755);
  const asAnother = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(PROGRAM, [...asAnother, settings], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  };
  for (const end = Date.now() + PATIENCE; !(await answers(listen)); await sleep(50)) {
    if (Date.now() < end && child.exitCode === null) continue;
    await stop();
    throw new Error('pgbouncer does not start.');
  }
  return { url: `postgres://${username}@127.0.0.1:${listen}/${database}`, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
