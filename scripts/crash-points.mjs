import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { runJest } from './test/jest.mjs';
import { realServices } from './test/peers.mjs';

/**
 * `npm run crash-points -- [point …]`: kills a process at each crash point, once for everything that passes it
 * (docs/faults.md). On embedded services; with RABBITMQ_URL on real PostgreSQL, RabbitMQ and Redis, as `npm run test:services`.
 */
await prepare();
const { CRASH_POINTS } = await import('../dist/libs/observability/src/index.js');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((point) => !CRASH_POINTS.includes(point));
if (unknown.length > 0) {
  console.error(`There is no crash point ${unknown.join(', ')}. There are: ${CRASH_POINTS.join(', ')}.`);
  process.exit(2);
}
const embedded = { title: 'On embedded PostgreSQL, messages on pg-boss.', environment: { TEST_SERVICES: '' } };
const peers = process.env.RABBITMQ_URL ? await realServices() : embedded;
console.log(peers.title);
const workspace = mkdtempSync(join(tmpdir(), 'crash-points-'));
try {
  const points = wanted.length > 0 ? wanted : CRASH_POINTS;
  const { passed, failed } = await runJest({
    root,
    workspace,
    config: 'jest.e2e.config.mjs',
    patterns: ['e2e/crash-points'],
    environment: {
      ...process.env,
      ...peers.environment,
      MESSAGE_RETRY_DELAYS: '0.3,1,2,4,8',
      CRASH_POINTS: points.join(','),
    },
  });
  console.log(`${passed} of ${points.length} points hold.`);
  process.exitCode = failed === 0 && passed === points.length ? 0 : 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
