/**
 * From values to pixels.
 * @param kind `linear` begins at 0 unless `from` says else; `log` takes positive values only
 * @param ticks where the axis is labelled; round values are found when none are given
 * @returns { place(value), ticks: [{ value, label }] }
 */
export function scaleOf(values, [first, last], { kind = 'linear', from, to, ticks, format = readable } = {}) {
  const wrong = values.filter((value) => !Number.isFinite(value) || (kind === 'log' && value <= 0));
  if (wrong.length > 0) throw new RangeError(`A ${kind} axis has no place for ${wrong[0]}.`);
  const bend = kind === 'log' ? Math.log10 : (value) => value;
  const low = from ?? Math.min(...(kind === 'log' ? values : [0, ...values]));
  const high = to ?? Math.max(...values, low + (kind === 'log' ? low : Number.EPSILON));
  const marks = ticks ?? (kind === 'log' ? decades(low, high) : rounds(low, high));
  const start = Math.min(low, marks[0]);
  const end = Math.max(high, marks.at(-1));
  const place = (value) => first + ((bend(value) - bend(start)) / (bend(end) - bend(start))) * (last - first);
  return { place, ticks: marks.map((value) => ({ value, label: format(value) })) };
}

/** 12,000 and 0.25: thousands apart, never more than three digits that mean something below 1,000. */
export const readable = (value) => value.toLocaleString('en', { maximumSignificantDigits: value < 1_000 ? 3 : 12 });

/** About five steps of 1, 2 or 5 times a power of ten, the last of them not below `high`. */
function rounds(low, high) {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((times) => times * power >= rough) * power;
  const begin = Math.floor(low / step);
  const count = Math.ceil(high / step - 1e-9) - begin;
  return Array.from({ length: count + 1 }, (_, index) => Number(((begin + index) * step).toPrecision(12)));
}

function decades(low, high) {
  const begin = Math.floor(Math.log10(low) + 1e-9);
  const count = Math.ceil(Math.log10(high) - 1e-9) - begin;
  return Array.from({ length: count + 1 }, (_, index) => 10 ** (begin + index));
}
