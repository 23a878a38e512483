/** Runs reference and subject by turns, in alternating order, so that both meet the same weather. @returns medians */
export async function alternate(rounds, reference, subject) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? ['reference', 'subject'] : ['subject', 'reference'];
    const result = {};
    for (const which of order) result[which] = await (which === 'reference' ? reference() : subject());
    results.push({ ...result, ratio: result.subject / result.reference });
  }
  return {
    reference: median(results.map((result) => result.reference)),
    subject: median(results.map((result) => result.subject)),
    ratio: median(results.map((result) => result.ratio)),
    rounds: results,
  };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
