const VERDICTS = [
  'Every promise was kept.',
  'Something is broken.',
  'Nothing is known to be broken, but not everything could be checked.',
];
/** Findings that are shown; the result file has all. */
const SHOWN = 30;

/** The result of a run, for people. */
export function summaryOf({
  seed,
  minutes,
  faults,
  faultsNotDone,
  orders,
  answers,
  looks,
  invariants,
  wrong,
  notChecked,
  verdict,
  kept,
}) {
  return [
    '',
    `seed        ${seed}, ${minutes} minutes`,
    `faults      ${total(faults)}: ${listOf(faults)}`,
    ...(total(faultsNotDone) > 0 ? [`not done    ${listOf(faultsNotDone)}`] : []),
    `orders      ${total(orders)}: ${listOf(orders)}`,
    `answers     ${listOf(answers)}`,
    `invariants  ${Object.entries(invariants)
      .map(([id, state]) => (state === 'holds' ? id : `${id} ${state.toUpperCase()}`))
      .join(' ')}; ${looks} looks in between`,
    ...wrong.slice(0, SHOWN).map((what) => `WRONG       ${what}`),
    ...(wrong.length > SHOWN ? [`            and ${wrong.length - SHOWN} more`] : []),
    ...notChecked.map((what) => `NOT CHECKED ${what}`),
    ...(kept ? [`kept        ${kept}: logs and state of the platform`] : []),
    `verdict     ${VERDICTS[verdict]} Again: npm run chaos -- --minutes ${minutes} --seed ${seed}`,
  ].join('\n');
}

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const listOf = (counts) =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
