import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CrashPoint } from '@app/observability';

const NOTHING = { point: null, pairs: [], round: '' };

/** What the processes of a platform are told by files (`preload.mjs`), and what became of it. */
export class Killer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'crash-points-'));
  private round = '';

  constructor() {
    this.tell(NOTHING);
  }

  /** For the platform whose processes are to die. */
  get environment(): Record<string, string> {
    const preload = pathToFileURL(join(process.cwd(), 'e2e/crash-points/preload.mjs')).href;
    return { NODE_OPTIONS: `--import ${preload}`, CRASH_POINTS_FOLDER: this.folder };
  }

  /** From now on each of these pairs ends its process once. */
  arm(point: CrashPoint, pairs: readonly string[]): void {
    this.round = `${encodeURIComponent(point)}-${Date.now()}`;
    mkdirSync(join(this.folder, this.round));
    this.tell({ point, pairs, round: this.round });
  }

  disarm(): void {
    this.tell(NOTHING);
  }

  /** Pairs of this round that ended a process → its id. */
  get kills(): ReadonlyMap<string, number> {
    const folder = join(this.folder, this.round);
    return new Map(
      readdirSync(folder).map((name) => [decodeURIComponent(name), Number(readFileSync(join(folder, name), 'utf8'))]),
    );
  }

  /** Everything that passed the armed point, whether it was armed or not. */
  get passed(): ReadonlySet<string> {
    return new Set(this.linesOf(`${this.round}.passed`));
  }

  /** Messages whose handling was committed more than once by one service. */
  get handledTwice(): string[] {
    const lines = this.linesOf('handled');
    return [...new Set(lines.filter((line, index) => lines.indexOf(line) !== index))];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private linesOf(file: string): string[] {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  }

  /** At once or not at all: processes read it at any moment. */
  private tell(what: object): void {
    writeFileSync(join(this.folder, 'armed.next'), JSON.stringify(what));
    renameSync(join(this.folder, 'armed.next'), join(this.folder, 'armed.json'));
  }
}
