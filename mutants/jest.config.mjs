import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shared } from '../jest.config.mjs';

const root = dirname(import.meta.dirname);
const { extensionsToTreatAsEsm, moduleNameMapper, testEnvironment, modulePathIgnorePatterns, transform } = shared;
const [[files, [, swc]]] = Object.entries(transform);

/** The runs that the file RUNS lists: a spec each, as it is or without a guard, all in one process and each by itself. */
const { runs, workers } = JSON.parse(readFileSync(process.env.RUNS, 'utf8'));

export default {
  rootDir: root,
  projects: runs.map(({ name, spec, guard }) => ({
    ...{ extensionsToTreatAsEsm, moduleNameMapper, testEnvironment, modulePathIgnorePatterns },
    rootDir: root,
    // What is compiled is kept for all of them: its key is made of the text.
    id: 'mutants',
    displayName: name,
    roots: [join(root, dirname(spec))],
    testMatch: [join(root, spec)],
    transform: { [files]: [join(root, 'mutants/transformer.mjs'), { swc, guard }] },
  })),
  reporters: [join(root, 'mutants/run/reporter.mjs')],
  maxWorkers: workers,
  workerIdleMemoryLimit: shared.workerIdleMemoryLimit,
  testTimeout: 30_000,
};
