import type { DeadLetter } from './dead-letters.js';

const WIDEST = 80;

/** One line a letter, columns as wide as their content. */
export function asTable(letters: readonly DeadLetter[]): string {
  const heads = ['DIED AT', 'SERVICE', 'ID', 'TYPE', 'FAILURES', 'ERROR'];
  const rows = letters.map(({ diedAt, service, id, type, failures, error }) => [
    diedAt ?? '?',
    service,
    id,
    type,
    String(failures),
    firstLine(error),
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return `${[heads, ...rows].map(line).join('\n')}\n`;
}

/** Everything that is known of a letter. */
export function inFull({ body, ...facts }: DeadLetter): string {
  const lines = Object.entries(facts).map(([name, value]) => `${name.padEnd(9)} ${value ?? '?'}`);
  return `${[...lines, 'body', JSON.stringify(body, null, 2)].join('\n')}\n`;
}

function firstLine(text: string): string {
  const line = text.split('\n')[0]!;
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}
