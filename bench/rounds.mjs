import { ascending } from './load/percentile.mjs';

/**
 * Runs reference and subject by turns, in alternating order, so that both meet the same weather.
 * @param before each of them: waits until nothing of the last one goes on
 * @returns medians, of the ratios too: a round that a neighbour disturbed does not decide
 */
export async function alternate(rounds, { reference, subject, before = () => undefined }) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    const result = {};
    for (const [name, measure] of inTurn(round, { reference, subject })) {
      await before();
      result[name] = await measure();
    }
    results.push({ ...result, ratio: result.subject / result.reference });
  }
  return inTheMiddle(results);
}

/** @param rounds { reference, subject, ratio } each; the ratio is the median of theirs, not the quotient of the medians */
export function inTheMiddle(rounds) {
  const medianOf = (name) => median(rounds.map((round) => round[name]));
  return { reference: medianOf('reference'), subject: medianOf('subject'), ratio: medianOf('ratio'), rounds };
}

const inTurn = (round, pair) => (round % 2 === 0 ? Object.entries(pair) : Object.entries(pair).reverse());

export function median(values) {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const compare = (reference, subject) => ({ reference, subject, ratio: subject / reference });
