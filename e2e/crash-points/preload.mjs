import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Loaded into every process of a platform under test (`NODE_OPTIONS=--import …`): ends it without a word the first time
 * that an armed pair of service and thing passes the armed point. The folder holds what is armed and what has happened.
 */
const folder = process.env.CRASH_POINTS_FOLDER;
const service = basename(dirname(process.argv[1] ?? ''));
/** Milliseconds until what was written to the broker has left the process. */
const FLUSH = 50;

subscribe('ticketing:crash-point', ({ point, passing }) => {
  if (point === 'consumer/after-commit')
    note(
      'handled',
      passing.map(({ what, id }) => `${service} ${what} ${id}`),
    );
  const armed = JSON.parse(readFileSync(join(folder, 'armed.json'), 'utf8'));
  if (point !== armed.point) return;
  const pairs = [...new Set(passing.map(({ what }) => `${service} ${what}`))];
  note(`${armed.round}.passed`, pairs);
  const due = pairs.filter((pair) => armed.pairs.includes(pair) && isFirst(armed.round, pair));
  if (due.length === 0) return;
  if (point === 'consumer/after-acknowledgement') setTimeout(die, FLUSH);
  else die();
});

/** Of all processes together: before the end, so that each pair ends one process only. */
function isFirst(round, pair) {
  try {
    writeFileSync(join(folder, round, encodeURIComponent(pair)), String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function note(file, lines) {
  appendFileSync(join(folder, file), lines.map((line) => `${line}\n`).join(''));
}

const die = () => process.kill(process.pid, 'SIGKILL');
