import { readFileSync, rmSync } from 'node:fs';
import type { Addresses } from './addresses.js';
import { writeAtomically } from './data-directory/atomic-file.js';

/** What other programs on this machine may know of the running platform; no secrets. */
export interface PlatformFacts extends Addresses {
  readonly pid: number;
  readonly dataDirectory: string;
  /** Name of each service → its process at the moment. */
  readonly processes: Readonly<Record<string, number>>;
}

/** There while the platform is ready, gone when it has stopped. */
export class PlatformFile {
  constructor(private readonly path: string) {}

  write(facts: PlatformFacts): void {
    writeAtomically(this.path, `${JSON.stringify(facts, null, 2)}\n`);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** @returns undefined when no platform is ready there */
export function readPlatform(path: string): PlatformFacts | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PlatformFacts;
  } catch {
    return undefined;
  }
}
