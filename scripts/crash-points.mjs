import { readArguments } from '../bench/command/arguments.mjs';
import { interruptible } from '../bench/command/interruption.mjs';
import { crashPoints } from './commands/crash-points.mjs';
import { prepare, root } from './prepare.mjs';
import { runJest } from './test/jest.mjs';
import { realServices } from './test/peers.mjs';
import { openWorkspace } from './test/workspace.mjs';

/**
 * `npm run crash-points -- [point …]`: kills a process at each crash point, once for everything that passes it
 * (docs/faults.md). On embedded services; with RABBITMQ_URL on real PostgreSQL, RabbitMQ and Redis, as `npm run test:services`.
 */
await prepare();
const { CRASH_POINTS } = await import('../dist/libs/observability/src/index.js');
const points = readArguments(crashPoints(CRASH_POINTS));
process.exitCode = (await interruptible(run)) ? 0 : 1;

async function run() {
  const embedded = { title: 'On embedded PostgreSQL, messages on pg-boss.', environment: { TEST_SERVICES: '' } };
  const peers = process.env.RABBITMQ_URL ? await realServices() : embedded;
  console.log(peers.title);
  const workspace = openWorkspace('crash-points');
  const environment = {
    ...process.env,
    ...peers.environment,
    MESSAGE_RETRY_DELAYS: '0.3,1,2,4,8',
    CRASH_POINTS: points.join(','),
  };
  const place = { root, workspace: workspace.folder, environment };
  try {
    const specs = { config: 'jest.e2e.config.mjs', patterns: ['e2e/crash-points'] };
    const { passed, failed } = await runJest({ ...place, ...specs });
    console.log(`${passed} of ${points.length} points hold.`);
    return failed === 0 && passed === points.length;
  } finally {
    workspace.remove();
  }
}
