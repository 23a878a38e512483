import { UsageError, wholeNumber } from './arguments.mjs';

const count = (usual) => ({ type: 'string', default: String(usual) });

/** `npm run rush`: @see arguments.mjs */
export const RUSH = {
  usage: `Usage: npm run rush -- [--attempts <count>] [--tickets <count>] [--connections <count>]

  --attempts     orders that are tried, 100000 unless told otherwise; more than there are tickets
  --tickets      tickets that there are, 10000 unless told otherwise
  --connections  buyers who are there at once, 1000 unless told otherwise`,
  options: { attempts: count(100_000), tickets: count(10_000), connections: count(1_000) },
  judge({ values }) {
    const counts = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, wholeNumber(name, text, 1)]));
    if (counts.attempts <= counts.tickets)
      throw new UsageError(
        `${counts.attempts} attempts cannot sell out ${counts.tickets} tickets: --attempts must exceed --tickets.`,
      );
    return counts;
  },
};
