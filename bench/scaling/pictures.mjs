import { lineChart } from '../charts/line-chart.mjs';
import * as experiments from './experiments.mjs';

const REPLICAS = { kind: 'log', ticks: [1, 2, 4, 8, 16] };
const RATE = { label: 'orders/s' };

/** @returns SVG by the name of its file */
export function pictures(validated) {
  return {
    'hot-event': lineChart({
      title: 'One hot event: the row of its counter is the limit',
      subtitle: 'Simulated capacity; 4 database cores, log flush 1 ms, groups of up to 256',
      x: { label: 'gateway replicas', ...REPLICAS },
      y: RATE,
      series: experiments.hotEvent(),
    }),
    'many-events': lineChart({
      title: '64 events at once: replicas help as long as the database has cores',
      subtitle: 'Simulated capacity; log flush 1 ms, one PostgreSQL for all services',
      x: { label: 'replicas of gateway, ticket-api and payment-service each', ...REPLICAS },
      y: RATE,
      series: experiments.manyEvents(),
    }),
    disk: lineChart({
      title: 'One hot event: a shared commit hardly notices the disk',
      subtitle: 'Simulated capacity; 2 gateways, 2 ticket-apis, 4 database cores',
      x: { label: 'log flush, ms', kind: 'log', ticks: [0.03, 0.1, 0.3, 1, 2, 5, 10] },
      y: { ...RATE, kind: 'log', from: 10, to: 10_000 },
      series: experiments.disk(),
    }),
    distance: lineChart({
      title: 'One hot event: every round trip to the database is time with the row locked',
      subtitle: 'Simulated capacity; 2 gateways, 2 ticket-apis, log flush 1 ms',
      x: { label: 'one way to the database, ms', kind: 'log', ticks: [0.02, 0.05, 0.15, 0.5, 1, 2] },
      y: { ...RATE, kind: 'log', from: 10, to: 10_000 },
      series: experiments.distance(),
    }),
    latency: lineChart({
      title: 'One hot event: how long an order takes',
      subtitle: 'Simulated, open loop; 4 gateways, 2 ticket-apis, log flush 1 ms',
      x: { label: 'arrivals, % of capacity', ticks: [0, 25, 50, 75, 100], from: 0 },
      y: { label: 'milliseconds' },
      series: experiments.latency(),
    }),
    consumers: lineChart({
      title: 'Messages that payment-service takes during a rush',
      subtitle: 'Simulated; 8 gateways, 8 ticket-apis, 16 database cores; one queue of 10,000/s',
      x: { label: 'payment-service replicas', ...REPLICAS },
      y: { label: 'messages/s' },
      series: experiments.consumers(),
    }),
    validation: lineChart({
      title: 'The model against what was measured without HTTP',
      subtitle: 'One counter, two cores; dashed: model, solid: measured with the prototype',
      x: { label: 'callers', kind: 'log', ticks: [1, 8, 64, 256, 1_000] },
      y: { ...RATE, kind: 'log', ticks: [1_000, 3_000, 10_000, 30_000] },
      series: validated.slice(0, 3).flatMap(({ name, points }, index) => [
        { name, points: points.map(({ callers, measured }) => [callers, measured]) },
        {
          name: 'model',
          line: 'dashed',
          look: 2 * index,
          points: points.map(({ callers, predicted }) => [callers, predicted]),
        },
      ]),
    }),
  };
}
