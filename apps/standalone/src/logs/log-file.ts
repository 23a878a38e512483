import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';

/** A service's log never takes more than twice this, in bytes. */
export const LARGEST = 20 * 1024 * 1024;

/** The file becomes `<name>.1`, if there is one. */
export function turnOver(path: string): void {
  try {
    renameSync(path, `${path}.1`);
  } catch {
    // Then the old one grows on.
  }
}

/** What a service says, as it says it; when the file is full it becomes `<name>.1` and a new one begins. */
export class LogFile {
  private stream: WriteStream;
  private size: number;

  constructor(private readonly path: string) {
    this.size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    this.stream = this.open();
  }

  write(chunk: string): void {
    if (this.size > LARGEST) this.rotate();
    this.size += chunk.length;
    this.stream.write(chunk);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.stream.end(() => resolve()));
  }

  private rotate(): void {
    this.stream.end();
    this.size = 0;
    turnOver(this.path);
    this.stream = this.open();
  }

  private open(): WriteStream {
    // A full disk must not end the platform; the terminal still shows the lines.
    return createWriteStream(this.path, { flags: 'a', mode: 0o600 }).on('error', () => undefined);
  }
}
