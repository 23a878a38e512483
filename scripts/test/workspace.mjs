import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBeUndone } from '../../bench/command/clean-ups.mjs';

/** A folder for all files of a run. `remove` it at the end; an interruption does. */
export function openWorkspace(name) {
  const folder = mkdtempSync(join(tmpdir(), `ticketing-${name}-`));
  // Whoever runs PostgreSQL for root must get to what lies in it.
  chmodSync(folder, 0o711);
  return { folder, remove: toBeUndone(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })) };
}
