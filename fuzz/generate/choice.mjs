import fc from 'fast-check';
import { randomOf } from '../../bench/load/random.mjs';

/** What chance decides for one request: the same for the same seed and number. */
export class Choice {
  constructor(seed, number) {
    this.random = randomOf((Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0);
  }

  chance(probability) {
    return this.random() < probability;
  }

  below(count) {
    return Math.floor(this.random() * count);
  }

  oneOf(list) {
    return list[this.below(list.length)];
  }

  /** @param weights of the names */
  weighted(weights) {
    let left = this.random() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    for (const [name, weight] of Object.entries(weights)) if ((left -= weight) < 0) return name;
    return Object.keys(weights)[0];
  }

  /** A value of a fast-check arbitrary. */
  of(arbitrary) {
    return fc.sample(arbitrary, { seed: this.below(2 ** 31), numRuns: 1 })[0];
  }
}
