import type { ChildProcess } from 'node:child_process';
import { parse } from '../logs/log-line.js';

/**
 * Passes on what a child says, and remembers what it complained of last, as the reason to tell when it dies.
 * @param take gets each piece, and gives the complete lines
 */
export function lastWords(child: ChildProcess, take: (stream: 'out' | 'err', chunk: string) => string[]): () => string {
  let words = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    for (const line of take('out', chunk)) words = complaintIn(line) ?? words;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    // A crash of Node tells its reason between pieces of source, the stack and its version.
    for (const line of take('err', chunk)) if (/^\S*(Error|error)\b/.test(line) || words === '') words = line.trim();
  });
  return () => words;
}

/** Looked for before anything is parsed: nearly every line is none. */
const COMPLAINT = /"level":(?:"error"|"fatal"|[56]0[,}])/;

/** A line of level error or worse, in the numbers or the names of pino. */
function complaintIn(line: string): string | undefined {
  const entry = COMPLAINT.test(line) ? parse(line) : undefined;
  if (!entry) return undefined;
  const error = entry.err as { message?: string } | undefined;
  return [entry.msg, error?.message].filter((text, index, all) => text && all.indexOf(text) === index).join(': ');
}
