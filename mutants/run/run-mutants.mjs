import { judge } from './judge.mjs';
import { runSpecs } from './run-specs.mjs';

/**
 * Runs the specs as they are, and those of each mutant without its guard.
 * @param place where and how specs run: @see runSpecs
 * @returns how many mutants got each verdict; undefined when specs fail as they are, for then nothing is proven
 */
export async function runMutants(place, mutants, { workers, tell }) {
  const whole = [...new Set(mutants.map(({ spec }) => spec))].sort().map((spec) => ({ name: spec, spec }));
  tell(`${whole.length} specs as they are …`);
  const found = await collect(place, whole, workers);
  const faults = faultsOf(found, mutants);
  for (const fault of faults) tell(fault);
  if (faults.length > 0) return undefined;

  tell(`${mutants.length} mutants …`);
  const counts = { caught: 0, survived: 0, broken: 0, hung: 0 };
  const byName = new Map(mutants.map((mutant) => [mutant.name, mutant]));
  const count = (mutant, run) => {
    const { verdict, why } = judge(mutant, run);
    counts[verdict] += 1;
    byName.delete(mutant.name);
    tell(`${verdict.padEnd(8)} ${mutant.name}: ${mutant.rule}`);
    if (verdict !== 'caught') tell(`  ${mutant.file}\n  ${mutant.spec}\n  ${why.replaceAll('\n', '\n  ')}`);
  };
  const runs = mutants.map((guard) => ({ name: guard.name, spec: guard.spec, guard }));
  await runSpecs(place, runs, { workers, tell: (run) => count(byName.get(run.name), run) });
  for (const mutant of byName.values()) count(mutant, undefined);
  return counts;
}

async function collect(place, runs, workers) {
  const found = new Map();
  await runSpecs(place, runs, { workers, tell: (run) => found.set(run.name, run) });
  return found;
}

/** What keeps the specs, as they are, from being a measure. */
function faultsOf(found, mutants) {
  const specs = new Set(mutants.map(({ spec }) => spec));
  const silent = [...specs].filter((spec) => !found.has(spec)).map((spec) => `${spec} did not come to an end`);
  const red = [...found.values()].flatMap(({ name: spec, tests, broken }) => [
    ...(broken ? [`${spec}: ${broken}`] : []),
    ...tests.filter(({ passed }) => !passed).map(({ name }) => `${spec} fails with every guard in place: ${name}`),
  ]);
  const has = (spec, part) => found.get(spec)?.tests.some(({ name }) => name.includes(part));
  const astray = mutants
    .filter(({ spec, caughtBy }) => found.has(spec) && !has(spec, caughtBy))
    .map(({ name, spec, caughtBy }) => `${name}: ${spec} has no test “${caughtBy}”`);
  return [...silent, ...red, ...astray];
}
