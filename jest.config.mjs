import { leftOutOfSample } from './scripts/test/sample.mjs';

/** Unit and integration specs; whole-stack specs are in e2e/ (jest.e2e.config.mjs). */
export const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@app/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
      },
    ],
  },
  testEnvironment: 'node',
  workerIdleMemoryLimit: '512MB',
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

export default {
  ...shared,
  testMatch: ['<rootDir>/{apps,bench,chaos,fuzz,libs,scripts}/**/*.spec.{ts,mjs}'],
  // What only a real broker can do is judged where one is given (`npm run test:services`); the launcher with its embedded
  // server, the mailbox and the scripts meet none, and are judged by `npm test`.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.TEST_SERVICES
      ? [
          ...['<rootDir>/apps/(standalone|mailbox)/', '<rootDir>/(bench|chaos|fuzz|scripts)/'],
          ...leftOutOfSample(import.meta.dirname, process.env.SAMPLE_OF_SPECS),
        ]
      : ['\\.services\\.spec\\.ts$']),
  ],
  // One more than the cores of CI's machine: many specs wait for delays to end.
  maxWorkers: 3,
  testTimeout: 30_000,
  coverageProvider: 'v8',
  coverageReporters: ['json-summary'],
  collectCoverageFrom: ['<rootDir>/{apps,libs}/**/*.ts', '!**/*.spec.ts', '!<rootDir>/libs/testing/**'],
};
