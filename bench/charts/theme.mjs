import { element, text, widthOf } from './svg.mjs';

/** A chart brings its own ground, so that it can be read wherever it is shown, and follows the reader's dark mode. */
const LIGHT = { ground: '#ffffff', ink: '#1f2328', faint: '#59636e', grid: '#d8dee4' };
const DARK = { ground: '#0d1117', ink: '#e6edf3', faint: '#9da7b1', grid: '#30363d' };
/** Told apart by most kinds of colour blindness too (after Okabe and Ito), and by shape and dash besides. */
const SERIES = [
  ['#0062b1', '#58a6ff'],
  ['#c2410c', '#ff9e5e'],
  ['#00795a', '#3fd0a4'],
  ['#a1337f', '#f08bd0'],
  ['#7a5c00', '#e3c04b'],
  ['#5b5f66', '#b1bac4'],
];
const FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';
const LEGEND_SIZE = 13;

export const classOf = (index) => `series-${index % SERIES.length}`;

const rules = ({ ground, ink, faint, grid }, which) =>
  [
    `.ground{fill:${ground}}.ink{fill:${ink}}.faint{fill:${faint}}.grid{stroke:${grid}}.axis{stroke:${faint}}.mark{stroke:${ink};stroke-width:2.5}`,
    ...SERIES.map((colours, index) => `.series-${index}{color:${colours[which]}}`),
  ].join('');

/** The whole picture: its ground, its title, what is drawn. */
export function picture({ width, height, title, subtitle }, ...content) {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
      'font-family': FONT,
    },
    element('style', {}, `${rules(LIGHT, 0)}@media (prefers-color-scheme:dark){${rules(DARK, 1)}}`),
    element('rect', { width, height, rx: 8, class: 'ground' }),
    text(title, { x: 20, y: 32, 'font-size': 17, 'font-weight': 600, class: 'ink' }),
    subtitle ? text(subtitle, { x: 20, y: 53, 'font-size': 13, class: 'faint' }) : '',
    ...content,
  ).concat('\n');
}

/** Names of series in rows of at most `width` pixels. @returns { markup, height } */
export function legend(names, { x, y, width, swatch, look = (index) => index }) {
  let [left, row] = [0, 0];
  const markup = names.map((name, index) => {
    const wide = 34 + widthOf(name, LEGEND_SIZE) + 18;
    if (left > 0 && left + wide > width) [left, row] = [0, row + 1];
    const at = [x + left, y + row * 20];
    left += wide;
    return (
      element('g', { class: classOf(look(index)), transform: `translate(${at.join(' ')})` }, swatch(index)) +
      text(name, { x: at[0] + 34, y: at[1] + 5, 'font-size': LEGEND_SIZE, class: 'ink' })
    );
  });
  return { markup: markup.join(''), height: (row + 1) * 20 };
}
