import { constants } from './constants.mjs';
import { engineRate } from './engine.mjs';
import { simulate } from './simulate.mjs';

const CALLERS = [1, 8, 64, 256, 1000];
const { handOver } = constants.database;
/** In Node a waiter also waits for its process to be scheduled. Set so that 8 callers of the one statement are met. */
const inNode = { base: 255e-6, perWaiter: handOver.perWaiter };

/**
 * What the design's table of the prototype says, in orders a second, against what the model says. The shapes are set by
 * the callers in `known`; the others are predicted.
 */
const SHAPES = [
  {
    name: 'a textbook transaction an order',
    measured: [1_730, 1_910, 1_060, 1_300, 1_260],
    known: [1],
    engine: { shape: { before: 100e-6, locked: 478e-6 }, handOver: inNode },
  },
  {
    name: 'one statement an order',
    measured: [6_000, 2_290, 2_050, 2_060, 2_330],
    known: [1, 8],
    engine: { shape: { before: 37e-6, locked: 130e-6 }, handOver: inNode },
  },
  {
    name: 'orders that wait share a transaction',
    measured: [2_000, 6_600, 19_300, 31_700, 29_200],
    known: [1, 64],
    engine: { shape: { group: 463e-6, order: 37e-6 }, handOver: inNode },
  },
  {
    name: 'pgbench, one statement an order',
    callers: [1, 8, 32, 128],
    measured: [8_000, 4_700, 2_560, 920],
    known: [1, 8, 128],
    engine: { shape: { before: 0, locked: 125e-6 }, handOver: { base: 30e-6, perWaiter: 7.3e-6 }, pooled: false },
  },
];

/**
 * The whole platform on the machine of the constants: slowest and fastest run. The fastest was disturbed least, and not
 * undisturbed. The CPU times are from these runs, so this judges the queueing, not the constants.
 */
const WHOLE = [
  { callers: 1, events: 1, measured: [27, 91] },
  { callers: 16, events: 1, measured: [190, 667] },
  { callers: 64, events: 1, measured: [305, 1_121] },
  { callers: 256, events: 1, measured: [497, 1_448] },
  { callers: 256, events: 16, measured: [296, 933] },
];

export function validateEngine() {
  return SHAPES.map(({ name, callers = CALLERS, measured, known, engine }) => ({
    name,
    points: callers.map((count, index) => {
      const predicted = engineRate({ ...engine, callers: count });
      const ratio = predicted / measured[index];
      return { callers: count, measured: measured[index], predicted, ratio, isKnown: known.includes(count) };
    }),
  }));
}

export function validateWhole() {
  return WHOLE.map(({ callers, events, measured }) => {
    const { perSecond } = simulate({ sharedCores: 2, callers, events, hop: 20e-6, fsync: 0.5e-3, seconds: 4 });
    return { callers, events, measured, predicted: perSecond, ratio: perSecond / measured[1] };
  });
}
