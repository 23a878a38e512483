import { scaleOf } from './scale.mjs';
import { element, text } from './svg.mjs';
import { classOf, legend, picture } from './theme.mjs';

const SHAPES = [
  () => element('circle', { r: 4 }),
  () => element('rect', { x: -3.6, y: -3.6, width: 7.2, height: 7.2 }),
  () => element('path', { d: 'M0-5 4.8 3.6H-4.8Z' }),
  () => element('path', { d: 'M0-5.2 5.2 0 0 5.2-5.2 0Z' }),
  () => element('path', { d: 'M0 5 4.8-3.6H-4.8Z' }),
  () => element('path', { d: 'M-5-1.8H-1.8V-5H1.8V-1.8H5V1.8H1.8V5H-1.8V1.8H-5Z' }),
];

/**
 * Lines over a common axis, as SVG.
 * @param x { label, kind: 'linear' | 'log', ticks, from, to, format }; so `y`. `label` names the unit
 * @param series [{ name, points: [[x, y]], line: 'solid' | 'dashed' | 'none', look }]; `look` is the number of another series
 * whose colour and shape it shares; six at most are told apart. A point whose y is undefined is a gap in its line
 */
export function lineChart({ title, subtitle, width = 760, height = 440, x, y, series }) {
  const top = subtitle ? 76 : 56;
  const names = legend(
    series.map(({ name }) => name),
    {
      x: 20,
      y: top,
      width: width - 40,
      look: (index) => lookOf(series, index),
      swatch: (index) => stroke('M0 0H26', series[index]) + marker(lookOf(series, index), 13, 0),
    },
  );
  const plot = { left: 84, right: width - 28, top: top + names.height + 22, bottom: height - 58 };
  const all = series.flatMap(({ points }) => points).filter(isThere);
  const across = scaleOf(all.map(([at]) => at), [plot.left, plot.right], x); // prettier-ignore
  const up = scaleOf(all.map(([, at]) => at), [plot.bottom, plot.top], y); // prettier-ignore
  const lines = series.map((one, index) => {
    const places = one.points.map((point) => isThere(point) && [across.place(point[0]), up.place(point[1])]);
    const path = places
      .map((place, n) => place && `${places[n - 1] ? 'L' : 'M'}${place.map((pixel) => pixel.toFixed(1)).join(' ')}`)
      .filter(Boolean)
      .join('');
    const look = lookOf(series, index);
    return element(
      'g',
      { class: classOf(look) },
      stroke(path, one),
      ...places.filter(Boolean).map(([px, py]) => marker(look, px, py)),
    );
  });
  return picture(
    { width, height, title, subtitle },
    names.markup,
    ...up.ticks.map(({ value, label }) => {
      const at = up.place(value);
      return (
        element('path', { d: `M${plot.left} ${at.toFixed(1)}H${plot.right}`, class: 'grid' }) +
        text(label, { x: plot.left - 8, y: at + 4, 'text-anchor': 'end', 'font-size': 12, class: 'faint' })
      );
    }),
    ...across.ticks.map(({ value, label }) => {
      const at = across.place(value);
      return (
        element('path', { d: `M${at.toFixed(1)} ${plot.bottom}v5`, class: 'axis' }) +
        text(label, { x: at, y: plot.bottom + 20, 'text-anchor': 'middle', 'font-size': 12, class: 'faint' })
      );
    }),
    element('path', { d: `M${plot.left} ${plot.bottom}H${plot.right}`, class: 'axis' }),
    text(x.label, {
      x: (plot.left + plot.right) / 2,
      y: height - 16,
      'text-anchor': 'middle',
      'font-size': 13,
      class: 'ink',
    }),
    text(y.label, { x: plot.left - 64, y: plot.top - 12, 'font-size': 13, class: 'ink' }),
    ...lines,
  );
}

const isThere = ([, at]) => at !== undefined;

const lookOf = (series, index) => series[index].look ?? index;

const stroke = (path, { line = 'solid' }) =>
  line === 'none'
    ? ''
    : element('path', {
        d: path,
        fill: 'none',
        stroke: 'currentColor',
        'stroke-width': 2.2,
        'stroke-linejoin': 'round',
        'stroke-dasharray': line === 'dashed' ? '6 5' : undefined,
      });

const marker = (index, x, y) =>
  element(
    'g',
    { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, fill: 'currentColor' },
    SHAPES[index % SHAPES.length](),
  );
