import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { runJest } from './test/jest.mjs';
import { embeddedPeers } from './test/peers.mjs';

// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { readArguments, UsageError } = await import('../bench/command/arguments.mjs');

/** `npm run simulate -- --seed 7 --histories 1000`: docs/faults.md. */
const { seed, histories } = readArguments({
  usage: `Usage: npm run simulate -- [--seed <number>] [--histories <count>]

  --seed       of the first history, by chance unless told; each next one has the next number
  --histories  how many, 500 unless told otherwise

On embedded PostgreSQL, or on the server that DATABASE_URL names, in databases of its own.`,
  options: { seed: { type: 'string' }, histories: { type: 'string', default: '500' } },
  judge({ values }) {
    const wish = { seed: Number(values.seed ?? Date.now() % 1e9), histories: Number(values.histories) };
    const wrong = Object.entries(wish).find(([, number]) => !Number.isSafeInteger(number) || number < 0);
    if (wrong) throw new UsageError(`--${wrong[0]} is a whole number.`);
    if (wish.histories === 0) throw new UsageError('--histories is at least 1: none shows nothing.');
    return wish;
  },
});

const workspace = mkdtempSync(join(tmpdir(), 'ticketing-simulation-'));
const given = process.env.DATABASE_URL;
const peers = given
  ? { environment: { TEST_DATABASE_URL: given }, stop: async () => undefined }
  : await embeddedPeers(workspace);
try {
  const environment = {
    ...process.env,
    ...peers.environment,
    SIMULATION_SEED: String(seed),
    SIMULATION_HISTORIES: String(histories),
  };
  const patterns = ['e2e/simulation/simulation.spec.ts'];
  const { passed, failed } = await runJest({
    root,
    config: 'jest.e2e.config.mjs',
    patterns,
    environment,
    workspace,
  });
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
} finally {
  await peers.stop();
  rmSync(workspace, { recursive: true, force: true });
}
