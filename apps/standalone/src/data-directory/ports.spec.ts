import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertGatewayPortFree } from './gateway-port.js';
import { choosePorts } from './ports.js';

let folder: string;
let file: string;
const servers: Server[] = [];

const NAMES = ['a', 'b', 'c'] as const;

async function occupy(port: number, host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'standalone-ports-'));
  file = join(folder, 'ports.json');
});

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

describe('ports', () => {
  it('are distinct and below those of outgoing connections', async () => {
    const ports = Object.values(await choosePorts(file, NAMES));
    expect(new Set(ports).size).toBe(NAMES.length);
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(20_000);
      expect(port).toBeLessThan(32_000);
    }
  });

  it('stay the same from start to start', async () => {
    const first = await choosePorts(file, NAMES);
    expect(await choosePorts(file, NAMES)).toEqual(first);
  });

  it('change only where somebody else has come in between', async () => {
    const first = await choosePorts(file, NAMES);
    await occupy(first.b);
    const second = await choosePorts(file, NAMES);
    expect(second).toMatchObject({ a: first.a, c: first.c });
    expect(second.b).not.toBe(first.b);
    expect(await choosePorts(file, NAMES)).toEqual(second);
  });

  it('that our own database still holds are kept', async () => {
    const first = await choosePorts(file, NAMES);
    await occupy(first.a);
    expect(await choosePorts(file, NAMES, { a: first.a })).toEqual(first);
  });

  it('of two data directories that start at the same moment differ', async () => {
    const other = mkdtempSync(join(tmpdir(), 'standalone-ports-'));
    const [one, two] = await Promise.all([choosePorts(file, NAMES), choosePorts(join(other, 'ports.json'), NAMES)]);
    rmSync(other, { recursive: true });
    expect(new Set([...Object.values(one), ...Object.values(two)]).size).toBe(2 * NAMES.length);
  });
});

describe("the gateway's port", () => {
  it('in use is told with who holds it and what to do', async () => {
    const port = await occupy(0);
    await expect(assertGatewayPortFree(port, '/srv/data')).rejects.toThrow(
      new RegExp(
        `Port ${port} is not free: .*Stop it, or choose another port: DATA_DIR=/srv/data PORT=${port + 1} npm start`,
      ),
    );
    if (process.platform === 'linux')
      await expect(assertGatewayPortFree(port, '/srv/data')).rejects.toThrow(`process ${process.pid} `);
  });

  it('is in use also when only the other meaning of localhost is', async () => {
    const port = await occupy(0, '::1').catch((error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has no other meaning.
      expect(error.code).toMatch(/EADDRNOTAVAIL|EAFNOSUPPORT/);
    });
    if (port) await expect(assertGatewayPortFree(port, '/srv/data')).rejects.toThrow(`Port ${port} is not free`);
  });

  it('that is free is no obstacle', async () => {
    const { a } = await choosePorts(file, NAMES);
    await expect(assertGatewayPortFree(a, '/srv/data')).resolves.toBeUndefined();
  });
});
