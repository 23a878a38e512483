import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dataDirSetting } from '../data-dir-setting.js';
import { ExpectedError } from '../expected-error.js';
import { isFree } from './ports.js';

/**
 * The gateway's port is promised to clients, so no other is taken in its place. Both meanings of `localhost` must be free.
 * @throws ExpectedError that says who listens there
 */
export async function assertGatewayPortFree(port: number, dataDirectory: string): Promise<void> {
  for (const host of ['127.0.0.1', '::1']) {
    if (await isFree(port, host)) continue;
    throw new ExpectedError(
      `Port ${port} is not free: ${listenerOn(port) ?? 'another program listens there'}. ` +
        `Stop it, or choose another port: ${dataDirSetting(dataDirectory)}PORT=${port + 1} npm start` +
        ` (a second platform beside a running one also needs a DATA_DIR of its own). \`lsof -nP -iTCP:${port}\` tells more.`,
    );
  }
}

/** Linux tells who listens, if it is a process that we may look into. */
function listenerOn(port: number): string | undefined {
  try {
    const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(table, port)));
    const pid = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .find((name) => holdsOneOf(name, sockets));
    if (!pid) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return `process ${pid} (${command.slice(0, 100)}) listens there`;
  } catch {
    return undefined;
  }
}

/** Rows of proc_net_tcp(5): column 1 is address:port in hex, 3 the state (0A listens), 9 the socket's inode. */
function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === '0A')
    .map((columns) => `socket:[${columns[9]}]`);
}

function holdsOneOf(pid: string, sockets: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => sockets.has(linkOf(`/proc/${pid}/fd/${descriptor}`)));
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
