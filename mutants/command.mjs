import { UsageError, wholeNumber } from '../bench/command/arguments.mjs';
import { mutants } from './mutants.mjs';
import { sample as sampleOf } from './run/sample.mjs';

/** `npm run mutants`: @see ../bench/command/arguments.mjs */
export const MUTANTS = {
  usage: `Usage: npm run mutants -- [--only <text>] [--sample <count> [--seed <number>]] [--jobs <count>] [--services] [--list]

  --only      mutants whose name or file has this text in it
  --sample    so many of them, by chance
  --seed      chooses the same ones again
  --jobs      mutants side by side, 2 unless told otherwise
  --services  on the PostgreSQL, RabbitMQ and Redis of DATABASE_URL, RABBITMQ_URL and REDIS_URL, with those that need RabbitMQ
  --list      shows them and runs nothing`,
  options: {
    only: { type: 'string', default: '' },
    sample: { type: 'string' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    services: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
  judge({ values: { only, services, list, ...numbers } }) {
    const { sample, seed, jobs } = numbers;
    if (seed !== undefined && sample === undefined) throw new UsageError('--seed chooses a --sample.');
    const named = mutants.filter(({ name, file }) => name.includes(only) || file.includes(only));
    if (named.length === 0) throw new UsageError(`No mutant has “${only}” in its name or file.`);
    const able = services ? named : named.filter(({ needs }) => needs === undefined);
    if (able.length === 0) throw new UsageError(`All that “${only}” names needs RabbitMQ: --services.`);
    const skipped = named.length - able.length;
    const wish = { of: able.length, skipped, jobs: wholeNumber('jobs', jobs, 1), services, list };
    if (sample === undefined) return { ...wish, chosen: able };
    const drawn = seed === undefined ? Math.floor(Math.random() * 2 ** 32) : wholeNumber('seed', seed, 0);
    return { ...wish, seed: drawn, chosen: sampleOf(able, wholeNumber('sample', sample, 1), drawn) };
  },
};
