import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startJest } from './start-jest.mjs';

/**
 * Runs one Jest configuration and counts. A suite that could not even run counts as a failure.
 * @param place `root`, a `workspace` for files and the `environment`
 * @param uses files; if there are some, only the specs that import them, by whatever way, are run
 */
export async function runJest({ config, patterns, coverage, uses = [], ...place }) {
  const { root, workspace, environment } = place;
  const mayHaveNone = patterns.length > 0 && !coverage;
  if (mayHaveNone && !(await hasSpecs({ root, environment }, config, patterns))) return { passed: 0, failed: 0 };
  const args = ['--reporters=default', `--reporters=${join(root, 'scripts/test/counting-reporter.mjs')}`];
  args.push('--useStderr', '--passWithNoTests', ...patterns);
  if (uses.length > 0) args.push('--findRelatedTests', ...uses);
  if (coverage) args.push('--coverage', `--coverageDirectory=${join(workspace, 'coverage')}`);
  const { leader, ended } = startJest(place, config, args, 'inherit');
  let counts;
  leader.once('message', (message) => (counts = message));
  const code = await ended;
  if (!counts) throw new Error(`Jest ended with ${code} before it had run the specs.`);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = counts;
  if (numPendingTests > 0) console.error(`${numPendingTests} specs were skipped: nothing may be skipped silently.`);
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites + numPendingTests };
}

/** Where none fits, Jest would say that none was found, although the other configuration may have some. */
async function hasSpecs({ root, environment }, config, patterns) {
  const args = [
    join(root, 'node_modules/jest/bin/jest.js'),
    `--config=${join(root, config)}`,
    '--listTests',
    ...patterns,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env: environment });
  return stdout.trim() !== '';
}
