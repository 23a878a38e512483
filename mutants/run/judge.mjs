/**
 * What became of a mutant. Pure. It is `caught` by the very test that it names, and by no accident: others beside that one
 * have to pass, else it is not a guard that is gone but the program that does not run.
 * @param mutant one of `mutants.mjs`
 * @param run as `runSpecs` tells it; undefined when it did not end
 */
export function judge({ caughtBy, everyTestFails = false }, run) {
  if (!run) return { verdict: 'hung', why: 'the spec did not come to an end' };
  if (run.broken) return { verdict: 'broken', why: run.broken };
  const failed = run.tests.filter(({ passed }) => !passed).map(({ name }) => name);
  const why = failed.map((name) => `fails: ${name}`);
  if (!failed.some((name) => name.includes(caughtBy)))
    return { verdict: 'survived', why: [`passes: ${caughtBy}`, ...why].join('\n') };
  const isAlone = run.tests.length === 1;
  if (failed.length === run.tests.length && !isAlone && !everyTestFails)
    return { verdict: 'broken', why: ['every test fails', ...why].join('\n') };
  return { verdict: 'caught', why: why.join('\n') };
}
