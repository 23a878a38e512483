import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { embeddedPeers } from './test/peers.mjs';

// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { readArguments } = await import('../bench/command/arguments.mjs');
const { MUTANTS } = await import('../mutants/command.mjs');
const { mutants } = await import('../mutants/mutants.mjs');
const { runMutants } = await import('../mutants/run/run-mutants.mjs');
const { sample } = await import('../mutants/run/sample.mjs');

/** `npm run mutants`: takes the guards away one at a time; ends with 1 unless the specs notice each time. */
const { only, sample: count, seed, jobs, list } = readArguments(MUTANTS);
const named = mutants.filter(({ name, file }) => name.includes(only) || file.includes(only));
const chosen = count === undefined ? named : sample(named, count, seed);
if (count !== undefined) console.log(`${chosen.length} of ${named.length} mutants, --seed ${seed}`);
if (list) for (const { name, rule, file, spec } of chosen) console.log(`${name}: ${rule}\n  ${file}\n  ${spec}`);
else if (chosen.length > 0) process.exitCode = (await run()) ? 0 : 1;
else {
  console.error(`No mutant has ${only} in its name or file.`);
  process.exitCode = 1;
}

async function run() {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => interruption.abort());
  const workspace = mkdtempSync(join(tmpdir(), 'ticketing-mutants-'));
  const peers = await embeddedPeers(workspace);
  try {
    const environment = { ...process.env, ...peers.environment, MESSAGE_RETRY_DELAYS: '0.3,1,2,4,8' };
    const place = { root, workspace, environment, interrupted: interruption.signal };
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
    rmSync(workspace, { recursive: true, force: true });
  }
}
