const number = (value, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
const percent = (share) => `${number(100 * share)} %`;

/** A Markdown table whose columns are as wide as their widest cell. */
function table(head, rows) {
  const widths = head.map((name, column) =>
    Math.max(3, ...[name, ...rows.map((row) => row[column])].map((cell) => cell.length)),
  );
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

export const engineTable = (validated) =>
  table(
    ['shape', 'callers', 'measured/s', 'model/s', 'model ÷ measured', ''],
    validated.flatMap(({ name, points }) =>
      points.map(({ callers, measured, predicted, ratio, isKnown }) => [
        name,
        number(callers),
        number(measured),
        number(predicted),
        number(ratio, 2),
        isKnown ? 'set by it' : '',
      ]),
    ),
  );

export const wholeTable = (validated) =>
  table(
    ['callers', 'events', 'measured/s (runs)', 'model/s', 'model ÷ fastest run'],
    validated.map(({ callers, events, measured, predicted, ratio }) => [
      number(callers),
      number(events),
      measured.map((rate) => number(rate)).join('–'),
      number(predicted),
      number(ratio, 2),
    ]),
  );

export const journeyTable = (journeys) =>
  table(
    [
      'platform',
      'orders/s',
      'orders a batch',
      'gateway',
      'ticket-api',
      'database CPU',
      'hottest row',
      'first to be full',
    ],
    journeys.map(({ name, perSecond, meanBatch, busy, bottleneck }) => [
      name,
      number(perSecond),
      number(meanBatch),
      ...['gateway', 'ticket-api', 'database CPU', 'counter row'].map((part) => percent(busy[part])),
      bottleneck,
    ]),
  );
