import { readFileSync } from 'node:fs';

/** @returns what a run has saved; undefined when the file cannot be read or holds something else */
export function readResult(path) {
  try {
    const result = JSON.parse(readFileSync(path, 'utf8'));
    return ['machine', 'pace', 'rows', 'seconds'].every((part) => result[part]) ? result : undefined;
  } catch {
    return undefined;
  }
}

/** Whether every one of these figures was measured, at the pace of a full run. */
export const isFull = ({ pace, seconds }, names) => !pace.quick && names.every((name) => name in seconds);
