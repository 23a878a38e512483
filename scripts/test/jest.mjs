import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs one Jest configuration and counts. A suite that could not even run counts as a failure.
 * @param uses files; if there are some, only the specs that import them, by whatever way, are run
 */
export async function runJest({ root, config, patterns, environment, workspace, coverage, uses = [] }) {
  const results = join(workspace, `${config}.json`);
  const args = [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    join(root, config),
  ];
  args.push('--json', `--outputFile=${results}`, '--passWithNoTests', ...patterns);
  if (uses.length > 0) args.push('--findRelatedTests', ...uses);
  if (coverage) args.push('--coverage', `--coverageDirectory=${join(workspace, 'coverage')}`);
  await new Promise((resolve) => {
    // Jest's JSON goes to the file; what it prints on stdout then is only a note.
    spawn(process.execPath, args, { cwd: root, env: environment, stdio: ['ignore', 'ignore', 'inherit'] }).once(
      'close',
      resolve,
    );
  });
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = JSON.parse(
    readFileSync(results, 'utf8'),
  );
  if (numPendingTests > 0) console.error(`${numPendingTests} specs were skipped: nothing may be skipped silently.`);
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites + numPendingTests };
}
