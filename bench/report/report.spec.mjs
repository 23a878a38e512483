import { describe, expect, it } from '@jest/globals';
import { TABLE } from '../table.mjs';
import { CHARTS } from './pictures.mjs';
import { amount, reached, spread, tally, verdict } from './tell.mjs';

const rowOf = (wanted) => TABLE.find(({ id }) => id === wanted);

describe('a goal', () => {
  it.each([
    ['gateway-echo', { ratio: 0.8 }, 'kept'],
    ['gateway-echo', { ratio: 0.79 }, 'MISSED'],
    ['tail', { ratio: 5 }, 'kept'],
    ['tail', { ratio: 5.01 }, 'MISSED'],
    ['overload-lost', { subject: 0 }, 'kept'],
    ['overload-lost', { subject: 1 }, 'MISSED'],
    ['lag', { subject: 9 }, ''],
  ])('%s with %j is %s', (id, result, judgement) => {
    expect(verdict(rowOf(id), result)).toBe(judgement);
  });

  it('that was not measured is not kept', () => {
    expect(verdict(rowOf('tail'), { ratio: NaN })).toBe('MISSED');
  });
});

it('amounts bear their units; what has none in the table is a rate', () => {
  expect(['tail', 'soak', 'lag', 'gateway-echo'].map((id) => amount(rowOf(id), 1234.56))).toEqual([
    '1.2 s',
    '1,235 MB',
    '1234.6 s',
    '1,235/s',
  ]);
});

it('what a run did not measure is not drawn', () => {
  expect(CHARTS.map(({ draw }) => draw({}))).toEqual(CHARTS.map(() => undefined));
});

const ratiosOf = (rows) => CHARTS.find(({ name }) => name === 'ratios').draw(rows);
const bars = (chart) =>
  [...chart.matchAll(/class="series-(\d)"><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="16"/g)].map(([, look, x, width]) => ({ look, x, width })); // prettier-ignore

it('a ratio below its ceiling is drawn as far beyond the goal as one above its floor', () => {
  const [floor, ceiling] = bars(ratiosOf({ 'gateway-echo': { ratio: 1.6 }, tail: { ratio: 2.5 } }));
  expect(floor).toEqual(ceiling);
});

it('a missed goal is drawn to the other side than a kept one, and looks different', () => {
  const [missed, kept] = bars(ratiosOf({ 'gateway-echo': { ratio: 0.4 }, tail: { ratio: 2.5 } }));
  expect(Number(missed.x) + Number(missed.width)).toBeCloseTo(Number(kept.x), 1);
  expect(missed.look).not.toBe(kept.look);
});

it('what lasted longer than was looked at is told as more than that', () => {
  expect(reached(rowOf('overload-recovery'), { subject: 6, isMore: true })).toBe('> 6.0 s');
  expect(reached(rowOf('overload-recovery'), { subject: 6, isMore: false })).toBe('6.0 s');
});

it('beside a ratio stand the lowest and the highest of its rounds, if it has rounds', () => {
  expect(spread({ rounds: [{ ratio: 1.2 }, { ratio: 0.9 }, { ratio: 1 }] })).toBe('0.90–1.20');
  expect([spread({}), spread({ rounds: [31, 30] })]).toEqual(['', '']);
});

it('a run tells how many of its goals it missed; figures without a goal do not count', () => {
  const rows = { tail: { ratio: 6 }, 'overload-lost': { subject: 0 }, lag: { subject: 1 } };
  expect(tally(TABLE, rows)).toBe('1 of 2 goals missed');
});
