import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks. */
const EVERY = 20_000;
const EVERY_IN_A_HURRY = 7_000;
const HURRY = 60_000;

/** Judged in one snapshot of one database: these hold at every moment, whatever is on its way. */
const WITHIN = ['I1', 'I5', 'I7', 'I8', 'I11', 'I12'];
/** Two services, or the provider, must agree: in the middle of an outage that takes as long as the outage. */
const BETWEEN = ['I2', 'I3', 'I4'];
const OUTAGE_SECONDS = 90;

const COMMON = { atRest: false, waitSeconds: 0, examples: 3, expectedDeadLetters: 0, providerHours: 24 };

/**
 * Asks the invariants all along, past the cables. A database that is away at that moment is no answer and no fault.
 * @returns `stop`, which resolves with how many `looks` there were, how many of them `saw` everything, and what is `wrong`
 */
export function sample(audit, sources, lengthMilliseconds, tell) {
  const ending = new AbortController();
  const found = { looks: 0, saw: 0, wrong: [] };
  const every = lengthMilliseconds < HURRY ? EVERY_IN_A_HURRY : EVERY;
  const looking = [look(WITHIN, 0), look(BETWEEN, OUTAGE_SECONDS)];
  async function look(only, patienceSeconds) {
    while (!ending.signal.aborted) {
      await sleep(every, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return;
      const report = await audit(sources, { ...COMMON, only, patienceSeconds });
      found.looks += 1;
      if (report.exitCode === 0) found.saw += 1;
      const wrong = report.judgements.flatMap(wordsOf);
      wrong.forEach(tell);
      found.wrong.push(...wrong);
    }
  }
  return async () => {
    ending.abort();
    await Promise.all(looking);
    return found;
  };
}

/** What a judgement says is broken, in words. */
export const wordsOf = ({ invariant, findings }) =>
  findings.map(
    ({ found, broken, examples }) => `${invariant}: ${found} ${broken}, such as ${JSON.stringify(examples)}`,
  );
