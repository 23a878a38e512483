import { readArguments } from '../bench/command/arguments.mjs';
import { interruptible } from '../bench/command/interruption.mjs';
import { SIMULATION } from './commands/simulation.mjs';
import { prepare, root } from './prepare.mjs';
import { runJest } from './test/jest.mjs';
import { embeddedPeers } from './test/peers.mjs';
import { openWorkspace } from './test/workspace.mjs';

/** `npm run simulate -- --seed 7 --histories 1000`: docs/faults.md. */
const { seed, histories } = readArguments(SIMULATION);
await prepare();
process.exitCode = (await interruptible(simulate)) ? 0 : 1;

async function simulate() {
  const workspace = openWorkspace('simulation');
  const given = process.env.DATABASE_URL;
  const peers = given
    ? { environment: { TEST_DATABASE_URL: given }, stop: async () => undefined }
    : await embeddedPeers(workspace.folder);
  try {
    const environment = {
      ...process.env,
      ...peers.environment,
      SIMULATION_SEED: String(seed),
      SIMULATION_HISTORIES: String(histories),
    };
    const patterns = ['e2e/simulation/simulation.spec.ts'];
    const place = { root, workspace: workspace.folder, environment };
    const { passed, failed } = await runJest({ ...place, config: 'jest.e2e.config.mjs', patterns });
    return failed === 0 && passed > 0;
  } finally {
    await peers.stop();
    workspace.remove();
  }
}
