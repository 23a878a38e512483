import { readArguments } from '../bench/command/arguments.mjs';
import { interruptible } from '../bench/command/interruption.mjs';
import { MUTANTS } from '../mutants/command.mjs';
import { runMutants } from '../mutants/run/run-mutants.mjs';
import { prepare, root } from './prepare.mjs';
import { embeddedPeers, realServices } from './test/peers.mjs';
import { openWorkspace } from './test/workspace.mjs';

/** `npm run mutants`: takes the guards away one at a time; ends with 1 unless the specs notice each time. */
const { chosen, of, skipped, seed, jobs, services, list } = readArguments(MUTANTS);
if (seed !== undefined) console.log(`${chosen.length} of ${of} mutants, --seed ${seed}`);
if (skipped > 0) console.log(`needs RabbitMQ: ${skipped} not run (--services runs them)`);
if (list) for (const { name, rule, file, spec } of chosen) console.log(`${name}: ${rule}\n  ${file}\n  ${spec}`);
else process.exitCode = (await interruptible(run)) ? 0 : 1;

async function run() {
  await prepare();
  const workspace = openWorkspace('mutants');
  const peers = services ? await realServices() : await embeddedPeers(workspace.folder);
  console.log(peers.title);
  try {
    const environment = { ...process.env, ...peers.environment, MESSAGE_RETRY_DELAYS: '0.3,1,2,4,8' };
    const place = { root, workspace: workspace.folder, environment };
    const counts = await runMutants(place, chosen, { workers: jobs, tell: console.log });
    if (!counts) return false;
    console.log(
      Object.entries(counts)
        .map(([verdict, number]) => `${number} ${verdict}`)
        .join(', '),
    );
    return counts.caught === chosen.length;
  } finally {
    await peers.stop();
    workspace.remove();
  }
}
