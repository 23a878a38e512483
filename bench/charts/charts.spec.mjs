import { expect, it } from '@jest/globals';
import { barChart } from './bar-chart.mjs';
import { lineChart } from './line-chart.mjs';
import { scaleOf } from './scale.mjs';

const axes = { x: { label: 'replicas' }, y: { label: 'orders/s' } };
const labels = (scale) => scale.ticks.map(({ label }) => label);

it('an axis is labelled at round values that hold all of it, and begins at zero', () => {
  expect(labels(scaleOf([830, 4_210], [0, 100]))).toEqual(['0', '1,000', '2,000', '3,000', '4,000', '5,000']);
  expect(labels(scaleOf([0.3, 0.72], [0, 100]))).toEqual(['0', '0.2', '0.4', '0.6', '0.8']);
});

it('on a logarithmic axis ten times as much is as far everywhere', () => {
  const { place, ticks } = scaleOf([1, 1_000], [0, 300], { kind: 'log' });
  expect(ticks.map(({ value }) => Math.round(place(value)))).toEqual([0, 100, 200, 300]);
});

it('a value that has no place on the axis is refused, not drawn somewhere', () => {
  for (const points of [[[1, Number.NaN]], [[1, Infinity]]])
    expect(() => lineChart({ title: '', ...axes, series: [{ name: '', points }] })).toThrow(RangeError);
  expect(() => scaleOf([0, 5], [0, 1], { kind: 'log' })).toThrow('A log axis has no place for 0.');
});

it('a larger value is drawn higher', () => {
  const chart = lineChart({ title: '', ...axes, series: [{ name: '', points: [[1, 10], [2, 20]] }] }); // prettier-ignore
  const [, low, high] = /d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)"/.exec(chart);
  expect(Number(high)).toBeLessThan(Number(low));
});

it('no line is drawn over a gap', () => {
  const points = [[1, 10], [2, 20], [3, undefined], [4, 10], [5, 20]]; // prettier-ignore
  const chart = lineChart({ title: '', ...axes, series: [{ name: '', points }] });
  expect(chart).toMatch(/d="M[\d. ]+L[\d. ]+M[\d. ]+L[\d. ]+"/);
  expect(chart).not.toMatch(/undefined|NaN/);
});

it('names are text, whatever is in them', () => {
  const name = '<b>p99 & "more"</b>';
  const line = lineChart({ title: name, ...axes, series: [{ name, points: [[1, 1]] }] });
  const bars = barChart({ title: name, x: axes.x, series: [name], groups: [{ name, values: [1] }] });
  for (const chart of [line, bars]) {
    expect(chart).toContain('&lt;b&gt;p99 &amp; &quot;more&quot;&lt;/b&gt;');
    expect(chart).not.toContain('<b>');
  }
});

it('a bar that was not measured is left out, its neighbours stand', () => {
  const groups = [{ name: 'order', values: [undefined, 7], mark: 9 }];
  const chart = barChart({ title: '', x: axes.x, series: ['before', 'after'], groups, mark: 'goal' });
  expect(chart).toMatch(/>7<\/text>/);
  expect(chart).not.toMatch(/undefined|NaN/);
});

it('a series that shares the look of another has its colour in line and legend', () => {
  const points = [[1, 1], [2, 2]]; // prettier-ignore
  const chart = lineChart({
    title: '',
    ...axes,
    series: [
      { name: 'measured', points },
      { name: 'model', look: 0, points },
    ],
  });
  expect(chart.match(/class="series-0"/g)).toHaveLength(4);
  expect(chart).not.toMatch(/class="series-1"/);
});
