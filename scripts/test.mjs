import { randomInt } from 'node:crypto';
import { interruptible } from '../bench/command/interruption.mjs';
import { prepare, root } from './prepare.mjs';
import { reportCoverage } from './test/coverage.mjs';
import { runJest } from './test/jest.mjs';
import { embeddedPeers, filesThatUseServers, realServices } from './test/peers.mjs';
import { openWorkspace } from './test/workspace.mjs';

/**
 * `npm test`: every spec on embedded PostgreSQL, nothing else needed. `npm run test:services`: the integration and
 * whole-stack specs on the real PostgreSQL, RabbitMQ and Redis of DATABASE_URL, RABBITMQ_URL and REDIS_URL.
 * With `--sample` the second leaves out, by chance, two thirds of the specs of what services do by themselves.
 * A path or a pattern after `--` narrows the run: `npm test -- libs/messaging`. `npm test -- --coverage` says, too, what of
 * the sources no unit or integration spec runs; that costs as much again as running them.
 */
await prepare();
const services = process.argv.includes('--services');
const coverage = process.argv.includes('--coverage');
const sample = process.argv.includes('--sample');
const options = new Set(['--services', '--coverage', '--sample']);
const patterns = process.argv.slice(2).filter((argument) => !options.has(argument));
process.exitCode = (await interruptible(test)) ? 0 : 1;

async function test() {
  const workspace = openWorkspace('test');
  const peers = services ? await realServices() : await embeddedPeers(workspace.folder);
  console.log(peers.title);
  const results = [];
  try {
    const environment = { ...process.env, ...peers.environment, MESSAGE_RETRY_DELAYS: '0.3,1,2,4,8' };
    if (sample) {
      environment.SAMPLE_OF_SPECS ??= String(randomInt(2 ** 31));
      console.log(`A sample: SAMPLE_OF_SPECS=${environment.SAMPLE_OF_SPECS} runs the same again.`);
    }
    const run = { root, patterns, environment, workspace: workspace.folder };
    // What needs no server says the same whatever the servers are: `npm test` has it.
    const uses = services && patterns.length === 0 ? filesThatUseServers(root) : [];
    results.push(await runJest({ ...run, config: 'jest.config.mjs', coverage, uses }));
    results.push(await runJest({ ...run, config: 'jest.e2e.config.mjs' }));
    const covered = coverage ? reportCoverage(root, workspace.folder) : true;
    const passed = results.reduce((sum, result) => sum + result.passed, 0);
    const failed = results.reduce((sum, result) => sum + result.failed, 0);
    if (passed + failed === 0) console.error(`No spec fits ${patterns.join(' ')}.`);
    console.log(`\n${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0 && covered;
  } finally {
    await peers.stop();
    workspace.remove();
  }
}
