import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Platform } from '@app/testing';

export interface Addresses {
  url: string;
  internalUrl: string;
}

/** Milliseconds. */
const START_LIMIT = 60_000;

/** One more process of a service of a running platform: the same program, at ports of its own. */
export class Replica implements Addresses {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly internalUrl: string,
  ) {}

  /** @param differences from the environment of the platform's own process */
  static async start(platform: Platform, service: string, differences: Record<string, string>): Promise<Replica> {
    const environment = environmentOf(await platform.pidOf(service));
    const child = fork(join('dist/programs', service, 'main.js'), {
      env: { ...environment, PORT: '0', INTERNAL_PORT: '0', ...differences },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const late = setTimeout(() => child.kill('SIGKILL'), START_LIMIT);
    const said: string[] = [];
    child.stdout!.pipe(createWriteStream(join(platform.dataDirectory, 'logs', `${service}-${child.pid}.log`)));
    const listening = new Promise<Addresses>((resolve, reject) => {
      createInterface({ input: child.stdout! }).on('line', (line) => {
        said.push(line);
        if (line.includes('"msg":"listening"')) resolve(JSON.parse(line));
      });
      child.once('exit', () => reject(new Error(`${service} ended: ${said.slice(-5).join('\n')}`)));
    });
    const { url, internalUrl } = await listening.finally(() => clearTimeout(late));
    return new Replica(child, url, internalUrl);
  }

  /** As an orchestrator does. @returns the exit status, or the signal that ended it */
  async stop(): Promise<number | string> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return 'had ended before';
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code, signal] = await ended;
    return code ?? signal;
  }
}

/** As it was given to the process: proc(5). */
function environmentOf(pid: number | undefined): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    entries
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)])
      .filter(([name]) => !name!.startsWith('NODE_CHANNEL')),
  );
}
