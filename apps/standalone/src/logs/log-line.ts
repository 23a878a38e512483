import { stripVTControlCharacters } from 'node:util';
import { isForTheFile } from './for-the-file.js';

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

const LEVELS: Record<number, Level> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const COLOURS: Partial<Record<Level, number>> = { trace: 2, debug: 2, warn: 33, error: 31, fatal: 31 };

/** Of the longest service's name. */
const NAME_WIDTH = 'notification-service'.length;
const LONGEST_VALUE = 300;

export interface Style {
  readonly colour: boolean;
  /** Begins the request ids of our own calls, which are for the file only. */
  readonly ownCalls: string;
}

/** Known from elsewhere in the line, or of no interest to a person. */
const UNSHOWN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'name', 'service', 'err', 'error']);

/**
 * One line of a service's standard output for a person: `12:00:01 ticket-api  info  message key=value`, a stack below.
 * Text that is not a JSON log line is shown at level `plain`. What came from outside cannot move the cursor or begin a line.
 * @returns undefined for what is for the file only
 */
export function renderLine(service: string, line: string, { colour, ownCalls }: Style, plain: Level = 'info') {
  const entry = parse(line);
  if (!entry) return render(new Date(), service, plain, [printable(line)], colour);
  const level =
    typeof entry.level === 'number' ? (LEVELS[entry.level] ?? 'info') : ((entry.level as Level | undefined) ?? 'info');
  if (level === 'info' && isForTheFile(service, entry, ownCalls)) return undefined;
  if (entry.correlationId === entry.requestId) delete entry.correlationId;
  const fields = [...fieldsOf(entry)].map(([key, value]) => `${key}=${quoted(value)}`);
  const at = typeof entry.time === 'number' || typeof entry.time === 'string' ? new Date(entry.time) : new Date();
  return (
    render(at, service, level, [paragraph(String(entry.msg ?? '')), ...fields].filter(Boolean), colour) + stackOf(entry)
  );
}

function render(at: Date, service: string, level: Level, parts: string[], colour: boolean): string {
  const code = colour ? COLOURS[level] : undefined;
  const text = `${timeOf(at)} ${service.padEnd(NAME_WIDTH)} ${level.padEnd(5)} ${parts.join(' ')}`;
  return code ? `\u001b[${code}m${text}\u001b[0m` : text;
}

const timeOf = (at: Date) =>
  [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');

export function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Nested objects become dotted keys. */
function* fieldsOf(entry: Record<string, unknown>, prefix = ''): Generator<[string, unknown]> {
  for (const [key, value] of Object.entries(entry)) {
    if (value === undefined || value === null || (prefix === '' && UNSHOWN.has(key))) continue;
    if (typeof value === 'object' && !Array.isArray(value))
      yield* fieldsOf(value as Record<string, unknown>, `${prefix}${key}.`);
    else yield [`${prefix}${key}`, value];
  }
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const short = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  return /^[\w.:/@+-]+$/.test(short) || typeof value !== 'string' ? printable(short) : printable(JSON.stringify(short));
}

/** Control characters (C0, C1) as escapes; colours that a library added are dropped. */
const printable = (text: string) =>
  stripVTControlCharacters(text).replace(/\p{Cc}/gu, (character) =>
    character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Further lines stand indented below, where no line of ours begins. */
const paragraph = (text: string) => text.split(/\r?\n/).map(printable).join('\n         ');

function stackOf(entry: Record<string, unknown>): string {
  const error = (entry.err ?? entry.error) as { stack?: unknown; message?: unknown } | string | undefined;
  const text = typeof error === 'object' ? (error?.stack ?? error?.message) : error;
  return typeof text === 'string' && text !== '' ? paragraph(`\n${text}`) : '';
}
