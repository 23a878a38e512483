import { shared } from './jest.config.mjs';

/** Whole-stack specs: each file starts platforms of its own, so one file at a time. */
export default {
  ...shared,
  testMatch: ['<rootDir>/e2e/**/*.spec.ts'],
  // The launcher does the same whatever the services are, and the simulation has a broker of its own: `npm test` judges them.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.TEST_SERVICES ? ['<rootDir>/e2e/(launcher|simulation)/'] : []),
  ],
  maxWorkers: 1,
  testTimeout: 120_000,
};
