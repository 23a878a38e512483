import { PORT_NAMES, type Ports } from './addresses.js';
import type { Config } from './config.js';
import { openDataDirectory, type DataDirectory } from './data-directory/data-directory.js';
import { assertGatewayPortFree } from './data-directory/gateway-port.js';
import { lockDirectory, type Lock } from './data-directory/lock.js';
import { choosePorts } from './data-directory/ports.js';
import { loadSecrets, type Secrets } from './data-directory/secrets.js';
import { EmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
import { Log } from './logs/log.js';
import type { Terminal } from './logs/terminal.js';
import { ProcessRegister } from './processes/process-register.js';

/** A data directory that is ours alone, and what follows from it. */
export interface Claim {
  readonly directory: DataDirectory;
  readonly lock: Lock;
  readonly log: Log;
  readonly register: ProcessRegister;
  readonly ports: Ports;
  readonly secrets: Secrets;
}

/** @throws ExpectedError when the directory or the gateway's port belongs to somebody else; nothing is held then */
export async function claimDirectory(config: Config, terminal: Terminal, signal: AbortSignal): Promise<Claim> {
  const directory = openDataDirectory(config.dataDirectory);
  const log = new Log(terminal, directory.logs, { format: config.logFormat, colour: config.colour });
  const lock = await lockDirectory(directory.lock, (message) => log.say('info', message), signal);
  try {
    const register = new ProcessRegister(directory.processes);
    await register.endLeftovers((message) => log.say('warn', message));
    const ports = await portsFor(config, directory);
    return { directory, lock, log, register, ports, secrets: loadSecrets(directory.secrets, config.given) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function portsFor({ port, databaseUrl, dataDirectory }: Config, directory: DataDirectory): Promise<Ports> {
  const left = databaseUrl ? undefined : EmbeddedPostgres.portInUse(directory.postgres);
  const taken = left ? { postgres: left } : {};
  if (port === 0) return choosePorts(directory.ports, ['api-gateway', ...PORT_NAMES], taken);
  await assertGatewayPortFree(port, dataDirectory);
  return { ...(await choosePorts(directory.ports, PORT_NAMES, taken)), 'api-gateway': port };
}
