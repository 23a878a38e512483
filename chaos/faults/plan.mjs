import { randomOf } from '../../bench/load/random.mjs';
import { between, shuffled } from '../draw.mjs';

/** Seconds from one fault to the next; a run of less than a minute is in a hurry. */
const SPACING = [3, 8];
const SPACING_IN_A_HURRY = [1.5, 3];
const HURRY = 60;
/** The longest fault lasts so much of a run. */
const LONGEST_SHARE = 1 / 3;

/**
 * Which faults strike when: the same for the same seed, length and kinds. Kinds come out of a bag, so that each of them
 * has had its turn before the bag is filled again. What holds the same thing never overlaps.
 * @returns of each: `at` and `seconds` (how long it lasts), `kind` and its `detail`
 */
export function planFaults(seed, lengthSeconds, kinds) {
  const random = randomOf(seed);
  const spacing = lengthSeconds < HURRY ? SPACING_IN_A_HURRY : SPACING;
  const freeAt = new Map();
  const isFree = ({ holds }, at) => (freeAt.get(holds) ?? 0) <= at;
  let bag = [];
  const draw = (at) => {
    if (!bag.some((kind) => isFree(kind, at)))
      bag = [
        ...bag,
        ...shuffled(
          random,
          kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind)),
        ),
      ];
    const found = bag.findIndex((kind) => isFree(kind, at));
    return bag.splice(found, 1)[0];
  };
  const faults = [];
  for (let at = between(random, spacing); at < lengthSeconds; at += between(random, spacing)) {
    const { kind, holds, seconds = [0, 0], draw: drawDetail } = draw(at);
    const lasts = Math.min(between(random, seconds), lengthSeconds * LONGEST_SHARE);
    if (holds) freeAt.set(holds, at + lasts + 1);
    faults.push({ at, kind, seconds: lasts, detail: drawDetail?.(random) ?? {} });
  }
  return faults;
}
