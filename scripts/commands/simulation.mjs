import { wholeNumber } from '../../bench/command/arguments.mjs';

/** `npm run simulate`: @see ../../bench/command/arguments.mjs */
export const SIMULATION = {
  usage: `Usage: npm run simulate -- [--seed <number>] [--histories <count>]

  --seed       of the first history, by chance unless told; each next one has the next number
  --histories  how many, 500 unless told otherwise

On embedded PostgreSQL, or on the server that DATABASE_URL names, in databases of its own.`,
  options: { seed: { type: 'string' }, histories: { type: 'string', default: '500' } },
  judge: ({ values: { seed = String(Date.now() % 1e9), histories } }) => ({
    seed: wholeNumber('seed', seed, 0),
    histories: wholeNumber('histories', histories, 1),
  }),
};
