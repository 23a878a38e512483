import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { writeAtomically } from './atomic-file.js';

/** Below the range from which systems take ports for outgoing connections. */
const FIRST = 20_000;
const COUNT = 12_000;

/**
 * A port for each name: the remembered one while it is free, else another, which is then remembered.
 * @param taken ports that are in use by what we keep (a database that we adopt), and that stay as they are
 */
export async function choosePorts<Name extends string>(
  path: string,
  names: readonly Name[],
  taken: Partial<Record<Name, number>> = {},
): Promise<Record<Name, number>> {
  const remembered = remember(path);
  const ports = new Map<Name, number>();
  for (const name of names) if (taken[name] !== undefined) ports.set(name, taken[name]);
  const candidates = spread(path);
  const used = new Set<number | undefined>([...Object.values(remembered), ...ports.values()]);
  const wanted = names.filter((name) => !ports.has(name));
  const stillFree = await Promise.all(wanted.map(async (name) => isFree(remembered[name] ?? 0)));
  for (const [index, name] of wanted.entries()) {
    const kept = remembered[name];
    ports.set(
      name,
      kept && stillFree[index] && ![...ports.values()].includes(kept) ? kept : await next(candidates, used),
    );
  }
  const chosen = Object.fromEntries(ports) as Record<Name, number>;
  if (names.some((name) => remembered[name] !== chosen[name]))
    writeAtomically(path, `${JSON.stringify(chosen, null, 2)}\n`);
  return chosen;
}

async function next(candidates: Iterator<number>, used: Set<number | undefined>): Promise<number> {
  for (;;) {
    const { value, done } = candidates.next();
    if (done) throw new Error(`No port from ${FIRST} to ${FIRST + COUNT - 1} is free.`);
    if (used.has(value) || !(await isFree(value))) continue;
    used.add(value);
    return value;
  }
}

/** Each data directory begins somewhere else, so that platforms which start at the same moment do not meet. */
function* spread(seed: string): Generator<number, undefined> {
  const start = createHash('sha256').update(seed).digest().readUInt32BE() % COUNT;
  for (let step = 0; step < COUNT; step++) yield FIRST + ((start + step) % COUNT);
  return undefined;
}

/** Whether this loopback address can listen there now. An address that the machine lacks is no obstacle. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function remember(path: string): Partial<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
