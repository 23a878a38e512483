import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { TABLE } from '../table.mjs';
import { CHARTS } from './pictures.mjs';
import { amount, reached, spread, verdict } from './tell.mjs';

const PAGE = 'docs/performance.md';
const BETWEEN = /(<!-- figures -->).*(<!-- end of figures -->)/s;
/** Load of the last minute, for each core, up to which figures mean something. */
const QUIET = 0.25;
const READING = `A ratio is “measured” divided by “that”, the median of the ratios of its rounds, which need not be the quotient of
the two medians beside it; in brackets the lowest and the highest. Figures of one long look (the tail, overloads, memory) have no rounds.`;

/**
 * Writes what was measured into docs/performance.md, between its markers, and its pictures beside it.
 * @param results of a full run, and of further ones, whose figures take the place of the same ones
 */
export async function publish(root, results) {
  const rows = Object.assign(
    {},
    ...results.flatMap((result, n) =>
      Object.entries(result.rows).map(([id, row]) => ({ [id]: { ...row, run: n + 1 } })),
    ),
  );
  const folder = join(root, 'docs/performance');
  mkdirSync(folder, { recursive: true });
  const pictures = CHARTS.flatMap(({ name, describe, draw }) => {
    const chart = draw(rows);
    if (!chart) return [];
    writeFileSync(join(folder, `${name}.svg`), chart);
    return [`![${describe}](performance/${name}.svg)`];
  });
  const path = join(root, PAGE);
  const told = [...results.map(circumstances), tableOf(rows), READING, ...pictures].join('\n\n');
  const text = readFileSync(path, 'utf8').replace(BETWEEN, (_, begin, end) => `${begin}\n\n${told}\n\n${end}`);
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
  console.log(`${PAGE} tells it.`);
}

function circumstances({ at, machine, pace, rows, seconds }, index) {
  const { cores, cpu, node, loadBefore } = machine;
  const minutes = Object.values(seconds).reduce((sum, time) => sum + time, 0) / 60;
  const isQuiet = loadBefore / cores <= QUIET;
  return [
    `${index === 0 ? 'Run' : `Run ${index + 1}, a further one,`} of ${at.slice(0, 16).replace('T', ' ')} UTC, ${Object.keys(rows).length} of the rows below in ${minutes.toFixed(0)} min:`,
    `${cores} cores (${cpu}), Node ${node}, ${pace.rounds} rounds of ${pace.milliseconds / 1000} s a side, load generator on the same machine.`,
    isQuiet
      ? `The machine was quiet (load ${loadBefore.toFixed(1)}).`
      : `**The machine was busy with other work (load ${loadBefore.toFixed(1)} before the run): rates are far below what it can do, and ratios are rough.**`,
  ].join(' ');
}

function tableOf(rows) {
  const lines = TABLE.filter(({ id }) => rows[id]).map((row) => {
    const result = rows[row.id];
    const { reference, subject, ratio, note, run } = result;
    const marks = [note, run > 1 ? `run ${run}` : undefined].filter(Boolean).join('; ');
    const value = (number) => (number === undefined || number === null ? '' : amount(row, number));
    const range = spread(result);
    return [
      marks ? `${row.figure} (${marks})` : row.figure,
      subject === undefined || subject === null ? '' : reached(row, result),
      row.against ?? '',
      value(reference),
      ratio === undefined || ratio === null ? '' : `**${ratio.toFixed(2)}**${range && ` (${range})`}`,
      row.goal?.text ?? '',
      verdict(row, result),
    ].join(' | ');
  });
  const head = ['figure', 'measured', 'against', 'that', 'ratio', 'goal', ''];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...lines].map((line) => `| ${line} |`).join('\n');
}
