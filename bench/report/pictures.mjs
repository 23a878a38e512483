import { barChart } from '../charts/bar-chart.mjs';
import { lineChart } from '../charts/line-chart.mjs';
import { median } from '../rounds.mjs';
import { TABLE } from '../table.mjs';
import { verdict } from './tell.mjs';

const seconds = (milliseconds) => milliseconds / 1000;

/** What is drawn of a run's rows; `draw` gives nothing for what the run did not measure. */
export const CHARTS = [
  { name: 'ratios', describe: 'Each ratio as a multiple of its goal', draw: ratios },
  { name: 'engine', describe: 'Reservations a second in the engine by number of callers', draw: engine },
  { name: 'latency', describe: 'Latency of orders by percentile at half of the top rate', draw: latency },
  { name: 'overload', describe: 'Orders served and refused while twice the top rate arrives', draw: overload },
  { name: 'overload-latency', describe: 'p99 before, during and after the overload', draw: overloadLatency },
  { name: 'memory', describe: 'Memory of each service during a steady sale', draw: memory },
];

/** Where the axis of ratios begins: nobody needs to tell smaller ones apart. */
const LEAST = 0.05;

function ratios(rows) {
  const judged = TABLE.filter(({ id, goal }) => goal?.limit && rows[id]?.ratio);
  if (judged.length === 0) return undefined;
  return barChart({
    title: 'What was reached, as a multiple of the goal',
    subtitle: 'The line is the goal; right of it is better, also where the goal is a ceiling',
    x: { label: 'reached ÷ goal (logarithmic)', kind: 'log', ticks: [LEAST, 0.1, 0.2, 0.5, 1, 2, 5] },
    series: ['kept', 'missed'],
    looks: [2, 1],
    base: 1,
    mark: 'goal',
    groups: judged.map((row) => {
      const { id, label, goal } = row;
      const { ratio } = rows[id];
      const share = goal.isCeiling ? goal.limit / ratio : ratio / goal.limit;
      const name = `${label}: ${ratio.toFixed(2)} (goal ${goal.text})`;
      const look = verdict(row, rows[id]) === 'MISSED' ? 1 : 0;
      return { name, values: [Math.max(LEAST, share)], look, mark: 1 };
    }),
  });
}

const NAMES = {
  grouped: 'orders that wait together share a transaction',
  single: 'one transaction an order, same engine',
  floor: 'one conditional statement an order, pgbench',
};

function engine({ 'engine-best': row }) {
  if (!row) return undefined;
  const names = Object.keys(NAMES).filter((name) => row.series.some((point) => point.name === name));
  return lineChart({
    title: 'Reservations a second in the engine, one hot ticket type',
    subtitle: 'Durable: order, line, stock and message in one commit; same schema, role and policies',
    x: { label: 'callers (logarithmic)', kind: 'log', ticks: [1, 8, 64, 256, 1000] },
    y: { label: 'orders/s (logarithmic)', kind: 'log' },
    series: names.map((name) => ({
      name: NAMES[name],
      line: name === 'floor' ? 'dashed' : 'solid',
      points: row.series.filter((point) => point.name === name).map(({ callers, perSecond }) => [callers, perSecond]),
    })),
  });
}

function latency({ tail }) {
  if (!tail) return undefined;
  const shares = tail.series.filter(({ share }) => share > 0 && share < 1);
  const rarity = (share) => 1 / (1 - share);
  return lineChart({
    title: 'How long an order takes at half of the top rate',
    subtitle: `Open loop, ${Math.round(tail.perSecond)} orders/s by the clock; counted from the moment it was due`,
    x: {
      ...{ label: 'share of orders that were at least as fast', kind: 'log' },
      ticks: [0.5, 0.9, 0.99, 0.999].map(rarity),
      format: (value) => `${Number((100 - 100 / value).toFixed(1))} %`,
    },
    y: { label: 'milliseconds' },
    series: [{ name: 'orders', points: shares.map(({ share, milliseconds }) => [rarity(share), milliseconds]) }],
  });
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const stretchesOf = (series, size) =>
  Array.from({ length: Math.ceil(series.length / size) }, (_, n) => series.slice(n * size, (n + 1) * size));

/** Points of a timeline, the two of the same second together. */
const bySecond = (series) => stretchesOf(series, 2);

function overload({ 'overload-served': row }) {
  if (!row) return undefined;
  const line = (name, key, style) => ({
    name,
    line: style,
    points: bySecond(row.series).map((some) => [seconds(some[0].at), mean(some.map((point) => point[key]))]),
  });
  const lost = row.series.some((point) => point.lost > 0) ? [line('lost', 'lost')] : [];
  return lineChart({
    title: 'When twice as many come as can be served',
    subtitle: `From second ${seconds(row.rush.from).toFixed(1)} to ${seconds(row.rush.to).toFixed(1)}; answers by the moment at which they came`,
    x: { label: 'seconds' },
    y: { label: 'requests/s' },
    series: [
      line('orders answered', 'served'),
      line('asked for', 'asked', 'dashed'),
      line('refused with Retry-After (429, 503)', 'refused'),
      ...lost,
    ],
  });
}

function overloadLatency({ 'overload-served': row }) {
  if (!row) return undefined;
  const line = (name, key) => ({
    name,
    points: row.series.map((point) => [seconds(point.at), point[key] > 0 ? point[key] : undefined]),
  });
  const series = [line('orders', 'p99'), line('refusals', 'refusalP99')].filter(({ points }) =>
    points.some(([, value]) => value !== undefined),
  );
  return lineChart({
    title: 'p99 before, during and after twice the top rate',
    subtitle: `Overload from second ${seconds(row.rush.from).toFixed(1)} to ${seconds(row.rush.to).toFixed(1)}; by the moment at which a request was due`,
    x: { label: 'seconds' },
    y: { label: 'milliseconds (logarithmic)', kind: 'log' },
    series,
  });
}

/** Points of a line at most, so that lines stay lines. */
const POINTS = 25;

function memory({ soak }) {
  if (!soak) return undefined;
  const stretches = stretchesOf(soak.series, Math.ceil(soak.series.length / POINTS));
  return lineChart({
    title: 'Memory during a steady sale',
    subtitle: 'Resident memory of each process',
    x: { label: 'minutes' },
    y: { label: 'MB' },
    series: Object.keys(soak.first).map((name) => ({
      name,
      points: stretches.map((stretch) => [
        median(stretch.map(({ at }) => at)) / 60_000,
        median(stretch.map((sample) => sample.memory[name])),
      ]),
    })),
  });
}
