import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SERIOUS = /"level":"(?:error|fatal)"/;
const LONGEST = 800;

/** @returns { name, text } of each log of a platform */
export function logsOf(dataDirectory) {
  const folder = join(dataDirectory, 'logs');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: `logs/${entry.name}`, text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));
}

/** Lines that say that something went wrong on our side, the same thing once. */
export function seriousLines(logs) {
  const found = new Map();
  for (const { name, text } of logs)
    for (const line of text.split('\n').filter((one) => SERIOUS.test(one))) {
      const { msg, err } = parsed(line);
      const key = `${name}: ${msg ?? ''} ${err?.type ?? ''} ${err?.message ?? ''}`.replaceAll(/[0-9a-f-]{36}/g, '…');
      if (!found.has(key)) found.set(key, `${name} has an error: ${line.slice(0, LONGEST)}`);
    }
  return [...found.values()];
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { msg: line };
  }
}
