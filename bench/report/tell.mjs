const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const UNITS = {
  µs: (value) => `${value.toFixed(0)} µs`,
  ms: (value) => (value < 1_000 ? `${value.toFixed(1)} ms` : `${(value / 1_000).toFixed(1)} s`),
  s: (value) => `${value.toFixed(1)} s`,
  MB: (value) => `${whole.format(value)} MB`,
  'of all': (value) => whole.format(value),
};

/** A number with its unit; what is a rate has none in the table. */
export const amount = ({ unit }, value) => (UNITS[unit] ?? ((rate) => `${whole.format(rate)}/s`))(value);

/** What was measured, with its unit: more than so much when its end was not seen. */
export const reached = (row, { subject, isMore }) => `${isMore ? '> ' : ''}${amount(row, subject)}`;

/** `kept`, `MISSED`, or nothing where there is no goal, or not for so short a look. */
export const verdict = ({ goal }, result) =>
  goal && !result.isTooShort ? (goal.isKept(result) ? 'kept' : 'MISSED') : '';

/** The lowest and the highest ratio of the rounds, where there are some. */
export function spread({ rounds = [] }) {
  const ratios = rounds.map((round) => round.ratio).filter(Number.isFinite);
  return ratios.length > 1 ? `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}` : '';
}

/** How many of the goals that there are for what was measured were missed. */
export function tally(table, rows) {
  const verdicts = table.filter(({ id }) => rows[id]).map((row) => verdict(row, rows[row.id]));
  const goals = verdicts.filter((word) => word !== '').length;
  return `${verdicts.filter((word) => word === 'MISSED').length} of ${goals} goals missed`;
}

/** One line of a figure on the terminal. */
export function tell(row, result) {
  const { figure, against, goal } = row;
  const { reference, subject, ratio, note } = result;
  const judged = [ratio?.toFixed(2) ?? '', goal ? `(goal ${goal.text})` : ''].join(' ');
  const amounts = [
    subject === undefined ? '' : `: ${reached(row, result)}`,
    reference === undefined ? '' : `; ${against}: ${amount(row, reference)}`,
    note ? ` [${note}]` : '',
  ].join('');
  console.log(`${verdict(row, result).padEnd(6)} ${judged.padStart(20)}  ${figure}${amounts}`);
}
