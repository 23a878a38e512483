import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The processes of a platform at this moment: name of each service → its process id. */
export function processesOf({ dataDirectory }) {
  const processes = JSON.parse(readFileSync(join(dataDirectory, 'processes.json'), 'utf8'));
  return Object.fromEntries(processes.map(({ name, pid }) => [name, pid]));
}
