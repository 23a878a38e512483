import { cpus, loadavg } from 'node:os';
import { FIGURES } from './figures.mjs';
import { save } from './report/save.mjs';
import { tell } from './report/tell.mjs';
import { Stage } from './stage/stage.mjs';
import { TABLE } from './table.mjs';

const QUICK = { quick: true, milliseconds: 600, rounds: 3 };
/** Of `--soak`, instead of the two of an ordinary run. */
const SOAK_MINUTES = 10;
const FULL = { quick: false, milliseconds: 3_000, rounds: 3, soakMinutes: 2 };

/**
 * Starts what it measures, lets each figure and what it is compared with run by turns, and looks afterwards whether
 * every promise was kept: a run that oversold or lost an order has no result.
 * @param only names of figures; all that fit the run, if undefined
 * @returns what is in the file that it writes
 */
export async function bench(root, { quick, only, soak }) {
  const pace = { ...(quick ? QUICK : FULL), ...(soak ? { soakMinutes: SOAK_MINUTES } : {}) };
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model, loadBefore: loadavg()[0] };
  console.log(
    `Load of the last minute: ${machine.loadBefore.toFixed(1)} on ${machine.cores} cores; above 0.5 the figures say little.`,
  );
  const begun = Date.now();
  const figures = FIGURES.filter(({ name, isLong }) =>
    only ? only.includes(name) : soak ? name === 'soak' : !quick || !isLong,
  );
  const stage = new Stage(root);
  const rows = {};
  const seconds = {};
  try {
    for (const { name, says, measure } of figures) {
      console.log(`\n${name}: ${says} …`);
      const since = performance.now();
      await stage.signIn();
      const results = await measure(stage, pace);
      seconds[name] = (performance.now() - since) / 1000;
      for (const row of TABLE.filter(({ id }) => results[id])) tell(row, results[row.id]);
      Object.assign(rows, results);
    }
    const wrong = await stage.audit();
    if (wrong.length > 0) throw new Error(`This run has no result:\n  ${wrong.join('\n  ')}`);
    const left = FIGURES.filter((figure) => !figures.includes(figure)).map(({ name }) => name);
    if (left.length > 0) console.log(`\nNot in this run: ${left.join(', ')}.`);
    const result = { at: new Date(begun).toISOString(), machine, pace, seconds, rows };
    save(root, result);
    return result;
  } finally {
    await stage.close();
  }
}
