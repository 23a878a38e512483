import { readable, scaleOf } from './scale.mjs';
import { element, text, widthOf } from './svg.mjs';
import { classOf, legend, picture } from './theme.mjs';

const BAR = 16;
const GAP = 4;
const NAME = 22;
const AFTER = 16;

/**
 * Lying bars, a group of them below each name, so that names may be long; as SVG.
 * @param x { label, kind: 'linear' | 'log', ticks, from, to, format }; `label` names the unit
 * @param series names of the bars of each group, or of the looks that a group's only bar may have
 * @param groups [{ name, values: [one of each series, or undefined], look: number of a series, mark: a value with a line through the group }]
 * @param base the value at which bars begin, to either side; the axis' begin if undefined
 * @param looks numbers of the colours of the series, if not their own
 * @param mark what the marks are, for the legend
 */
export function barChart({ title, subtitle, width = 760, x, series, looks = [...series.keys()], base, groups, mark }) {
  const top = subtitle ? 76 : 56;
  const marks = groups.flatMap((group) => group.mark ?? []);
  const names = legend([...series, ...(mark ? [mark] : [])], {
    x: 20,
    y: top,
    width: width - 40,
    look: (index) => looks[index] ?? index,
    swatch: (index) => (index < series.length ? bar(0, -6, 26, 12) : goal(13, -8, 16)),
  });
  const barsOfAll = Math.max(...groups.map(({ values }) => values.length));
  const groupHeight = NAME + barsOfAll * (BAR + GAP) + AFTER;
  const plot = { left: 20, right: width - 90, top: top + names.height + 4 };
  const bottom = plot.top + groups.length * groupHeight;
  const all = [...groups.flatMap(({ values }) => values.filter((value) => value !== undefined)), ...marks];
  const { place, ticks } = scaleOf(all, [plot.left, plot.right], x);
  const { format = readable } = x;
  const begin = base === undefined ? plot.left : place(base);
  return picture(
    { width, height: bottom + 56, title, subtitle },
    names.markup,
    ...ticks.map(
      ({ value, label }) =>
        element('path', { d: `M${place(value).toFixed(1)} ${plot.top}V${bottom}`, class: 'grid' }) +
        text(label, { x: place(value), y: bottom + 18, 'text-anchor': 'middle', 'font-size': 12, class: 'faint' }),
    ),
    text(x.label, {
      x: (plot.left + plot.right) / 2,
      y: bottom + 42,
      'text-anchor': 'middle',
      'font-size': 13,
      class: 'ink',
    }),
    ...groups.map((group, row) => {
      const y = plot.top + row * groupHeight;
      /** Where a figure is not struck through by the mark. */
      const clear = (left, words) => {
        const struck = group.mark === undefined ? -1 : place(group.mark);
        return struck > left - 4 && struck < left + widthOf(words, 12) + 4 ? struck + 6 : left;
      };
      const bars = group.values.map((value, index) => {
        if (value === undefined) return '';
        const at = y + NAME + index * (BAR + GAP);
        const [left, right] = [Math.min(begin, place(value)), Math.max(begin, place(value))];
        return (
          element('g', { class: classOf(looks[group.look ?? index]) }, bar(left, at, Math.max(1, right - left), BAR)) +
          text(format(value), {
            x: clear(right + 6, format(value)),
            y: at + 12.5,
            'font-size': 12,
            class: 'ink',
          })
        );
      });
      const line = group.mark === undefined ? '' : goal(place(group.mark), y + NAME - 3, barsOfAll * (BAR + GAP) + 2);
      const ground = { x: plot.left, y: y + 2, width: widthOf(group.name, 13), height: NAME - 4, class: 'ground' };
      return (
        element('rect', ground) +
        text(group.name, { x: plot.left, y: y + 16, 'font-size': 13, class: 'ink' }) +
        bars.join('') +
        line
      );
    }),
  );
}

const bar = (x, y, width, height) => element('rect', { x, y, width, height, rx: 2, fill: 'currentColor' });

const goal = (x, y, height) => element('path', { d: `M${x.toFixed(1)} ${y}v${height}`, class: 'mark' });
