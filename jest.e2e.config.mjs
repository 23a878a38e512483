import { shared } from './jest.config.mjs';

/** Whole-stack specs: each file starts platforms of its own, so one file at a time. */
export default {
  ...shared,
  testMatch: ['<rootDir>/e2e/**/*.spec.ts'],
  maxWorkers: 1,
  testTimeout: 120_000,
};
