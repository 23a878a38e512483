/** Counts orders from the end of the warm-up on, and what the books must add up to. */
export class Tally {
  all = { arrived: 0, placed: 0, refused: 0 };
  messages = 0;
  placed = 0;
  refused = 0;
  latencies = [];
  /** Orders in the house, added up over time. */
  #area = 0;
  #inside = 0;
  #changed = 0;

  constructor(begin) {
    this.begin = begin;
  }

  arrived(now) {
    this.#move(now, 1);
    this.all.arrived += 1;
  }

  left(since, now, placed) {
    this.#move(now, -1);
    this.all[placed ? 'placed' : 'refused'] += 1;
    if (now < this.begin) return;
    if (!placed) return void (this.refused += 1);
    this.placed += 1;
    this.latencies.push(now - since);
  }

  /** Orders in the house on average since the warm-up. */
  meanInside(now) {
    this.#move(now, 0);
    return this.#area / (now - this.begin);
  }

  get inside() {
    return this.#inside;
  }

  #move(now, change) {
    const from = Math.max(this.begin, this.#changed);
    if (now > from) this.#area += this.#inside * (now - from);
    this.#inside += change;
    this.#changed = now;
  }
}

export function quantile(values, share) {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
