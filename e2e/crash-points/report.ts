import type { CrashPoint } from '@app/observability';
import { whatOf } from './table.js';

export interface Round {
  point: CrashPoint;
  kills: ReadonlyMap<string, number>;
  seconds: number;
}

export const lineOf = ({ point, kills, seconds }: Round): string =>
  `  ${point.padEnd(32)} ${kills.size} pairs, ${new Set(kills.values()).size} processes killed, all holds (${seconds} s)`;

/** What passes, down; the points, across; in how many services a process died for it there. */
export function tableOf(rounds: readonly Round[]): string {
  const whats = [...new Set(rounds.flatMap(({ kills }) => [...kills.keys()].map(whatOf)))].sort();
  const width = Math.max(...whats.map(({ length }) => length));
  const row = (what: string, cells: (string | number)[]) =>
    `${what.padEnd(width)}${cells.map((cell) => String(cell).padStart(4)).join('')}`;
  const died = (what: string, { kills }: Round) => [...kills.keys()].filter((pair) => whatOf(pair) === what).length;
  return [
    ...rounds.map(({ point }, index) => `${String(index + 1).padStart(2)} ${point}`),
    row(
      '',
      rounds.map((_, index) => index + 1),
    ),
    ...whats.map((what) =>
      row(
        what,
        rounds.map((round) => died(what, round) || '·'),
      ),
    ),
  ].join('\n');
}
