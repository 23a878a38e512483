import { shared } from './jest.config.mjs';
import { leftToTheOtherHalf } from './scripts/test/sample.mjs';

const { TEST_SERVICES, CRASH_POINTS, SPECS_OF_HALVES } = process.env;
// The launcher and README's commands do the same whatever the services are, the simulation has a broker of its own, and books
// that are mended are rows: `npm test` judges them.
const beside = TEST_SERVICES ? ['launcher/', 'simulation/', 'readme.spec', 'invariants/mending-the-books.spec'] : [];
// A minute and more, so once in CI: `npm run test:services` has one of them, `npm run crash-points` those that it is told.
if (!TEST_SERVICES && !CRASH_POINTS) beside.push('crash-points/');

/** Where CI runs both halves, each of these is run in one of them, by chance; all others in both. */
const EITHER = [
  ...['boundaries', 'dead-letters', 'killed-processes', 'personal-data', 'rush', 'unhappy-endings'],
  ...['waiting-list-and-resale'],
  ...['invariants/audit-command', 'invariants/invariants', 'invariants/provider-ledger'],
  ...['outages/outages', 'outages/rolling-stop'],
].map((name) => `e2e/${name}.spec.ts`);
const half = TEST_SERVICES ? 'services' : 'embedded';

/** Whole-stack specs: each file starts platforms of its own, and waits for them half of the time, so two files at a time. */
export default {
  ...shared,
  testMatch: ['<rootDir>/e2e/**/*.spec.ts'],
  testPathIgnorePatterns: [
    ...['/node_modules/', ...beside.map((place) => `<rootDir>/e2e/${place}`)],
    ...leftToTheOtherHalf(EITHER, SPECS_OF_HALVES, half),
  ],
  maxWorkers: 2,
  testTimeout: 120_000,
};
