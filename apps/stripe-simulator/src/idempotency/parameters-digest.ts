import { createHash } from 'node:crypto';
import type { FormParameters } from '../api/form-encoding.js';

/** Equal for equal parameters, in whichever order they were sent. */
export const parametersDigest = (parameters: FormParameters): string =>
  createHash('sha256').update(canonical(parameters)).digest('hex');

const canonical = (value: string | FormParameters): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : `{${Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
        .join()}}`;
