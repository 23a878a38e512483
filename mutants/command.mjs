import { UsageError } from '../bench/command/arguments.mjs';

/** `npm run mutants`: @see ../bench/command/arguments.mjs */
export const MUTANTS = {
  usage: `Usage: npm run mutants -- [--only <text>] [--sample <count> [--seed <number>]] [--jobs <count>] [--list]

  --only    mutants whose name or file has this text in it
  --sample  so many of them, by chance
  --seed    chooses the same ones again
  --jobs    mutants side by side, 2 unless told otherwise
  --list    shows them and runs nothing`,
  options: {
    only: { type: 'string', default: '' },
    sample: { type: 'string' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    list: { type: 'boolean', default: false },
  },
  judge({ values: { only, list, ...numbers } }) {
    const { sample, seed = Math.floor(Math.random() * 2 ** 32), jobs } = numbers;
    if (numbers.seed !== undefined && sample === undefined) throw new UsageError('--seed chooses a --sample.');
    return {
      ...{ only, list },
      sample: sample === undefined ? undefined : atLeast(1, '--sample', sample),
      seed: atLeast(0, '--seed', seed),
      jobs: atLeast(1, '--jobs', jobs),
    };
  },
};

function atLeast(least, name, given) {
  const number = Number(given);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`${name} is a whole number, ${least} at least.`);
}
