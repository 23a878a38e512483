import { setTimeout as sleep } from 'node:timers/promises';
import { readArguments, runCommand, UsageError, wholeNumber } from '@app/configuration';
import { readConfig } from './config.js';
import { ownerLogins } from './databases/owner-logins.js';
import { ExpectedError, storyOf } from './expected-error.js';
import { LedgerRunStore } from './ledger-run.store.js';

const USAGE = `Usage: npm run reconcile -- [--hours <n>] [--wait <seconds>]

Has payment-service compare its books with the provider's ledger now, as it does by itself once a day (docs/saga.md), and
tells what differs and could not be repaired.

  --hours  how far back (48)
  --wait   seconds that it may take (600); payment-service begins within ten

Exit code: 0 nothing differs, 1 something does, 2 it did not come to an end.
`;

/** It did not come to an end: nothing is known. */
const NOT_DONE = 2;
const POLL = 500;

async function reconcile(runs: LedgerRunStore, { hours, wait }: { hours: number; wait: number }) {
  const id = await runs.begin(hours);
  for (const end = Date.now() + wait * 1000; ; await sleep(POLL)) {
    const run = await runs.find(id);
    if (run?.isOver) return { lookedAt: run.lookedAt, open: await runs.openDifferences() };
    if (Date.now() > end)
      throw new ExpectedError(
        `The comparison is not over after ${wait} s. It goes on by itself; payment-service's log says whether the provider answers.`,
      );
  }
}

/** `npm run reconcile`, on the platform that runs on DATA_DIR, or on DATABASE_URL. */
const args = process.argv.slice(2);
try {
  process.exitCode = await runCommand({ args, usage: USAGE }, async (out) => {
    const { values, positionals } = readArguments(args, {
      hours: { type: 'string', default: '48' },
      wait: { type: 'string', default: '600' },
    });
    if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'.`);
    const wish = { hours: wholeNumber('hours', values.hours, 1), wait: wholeNumber('wait', values.wait) };
    const login = ownerLogins(readConfig())('payment-service');
    const { lookedAt, open } = await LedgerRunStore.during(login, (runs) => reconcile(runs, wish));
    out(`Compared: ${lookedAt}. Open differences: ${open.length}.\n`);
    for (const difference of open) out(`  ${JSON.stringify(difference)}\n`);
    return open.length > 0 ? 1 : 0;
  });
} catch (error) {
  console.error(storyOf(error));
  process.exitCode = NOT_DONE;
}
