import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LogFile } from './log-file.js';
import { renderLine, type Level } from './log-line.js';
import type { Terminal } from './terminal.js';

export const PLATFORM = 'platform';

/** The one readable stream of all processes, and a file for each. */
export class Log {
  private readonly files = new Map<string, LogFile>();
  private readonly rests = new Map<string, string>();
  /** Begins the request ids of the launcher's own calls: no other caller knows it. */
  readonly ownCalls = `seed-${randomUUID()}-`;

  constructor(
    private readonly terminal: Terminal,
    private readonly folder: string,
    private readonly style: { format: 'text' | 'json'; colour: boolean },
  ) {}

  /** A line of the launcher's own, in the form that the services' have. */
  say(level: Level, message: string): void {
    const entry = { level, time: new Date().toISOString(), service: PLATFORM, msg: message };
    this.lines(PLATFORM, `${JSON.stringify(entry)}\n`);
  }

  /** A piece of what a process says, cut anywhere. @returns the lines that it completed */
  take(service: string, stream: 'out' | 'err', chunk: string): string[] {
    const key = `${service}/${stream}`;
    const text = (this.rests.get(key) ?? '') + chunk;
    const end = text.lastIndexOf('\n') + 1;
    this.rests.set(key, text.slice(end));
    return end > 0 ? this.lines(service, text.slice(0, end), stream === 'err' ? 'warn' : 'info') : [];
  }

  /** For people as it is, without time and name; for programs a line like any other, of its last line. */
  show(text: string): void {
    if (this.style.format === 'json') this.say('info', text.slice(text.lastIndexOf('\n') + 1));
    else this.terminal.write(`${text}\n`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.files.values()].map((file) => file.close()));
    this.files.clear();
  }

  private lines(service: string, text: string, plain: Level = 'info'): string[] {
    this.fileOf(service).write(text);
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const { format, colour } = this.style;
    const style = { colour, ownCalls: this.ownCalls };
    const shown =
      format === 'json'
        ? lines
        : lines.map((line) => renderLine(service, line, style, plain)).filter((line) => line !== undefined);
    if (shown.length > 0) this.terminal.write(`${shown.join('\n')}\n`);
    return lines;
  }

  private fileOf(service: string): LogFile {
    const file = this.files.get(service) ?? new LogFile(join(this.folder, `${service}.log`));
    this.files.set(service, file);
    return file;
  }
}
