import { FIGURES } from '../figures.mjs';
import { isFull, readResult } from '../report/result-file.mjs';
import { UsageError } from './arguments.mjs';

const NAMES = FIGURES.map(({ name }) => name);

/** `npm run bench`: @see arguments.mjs */
export const BENCH = {
  usage: `Usage: npm run bench -- [--quick | --soak] [--only <figures>]
       npm run bench -- --publish [<result of a full run> [<result of a further run> …]]

  --quick    about two minutes: fewer and shorter rounds, and not the long figures
  --soak     ten minutes of a steady sale, for the memory
  --only     these figures alone, with commas between them:
             ${NAMES.join(', ')}
  --publish  writes a full run into docs/performance.md: the one that it makes, or that of a file in bench/results;
             what further files have measured takes the place of the same rows`,
  options: {
    quick: { type: 'boolean' },
    soak: { type: 'boolean' },
    only: { type: 'string' },
    publish: { type: 'boolean' },
  },
  takesFiles: true,
  judge({ values: { quick, soak, only, publish }, positionals: files }) {
    const isPartial = quick || soak || only !== undefined;
    if (quick && soak) refuse('--quick and --soak exclude each other.');
    if (soak && only !== undefined) refuse('--soak measures one figure alone, so there is no --only beside it.');
    if (publish && isPartial) refuse('--publish takes a full run, so there is no --quick, --soak or --only beside it.');
    if (files.length > 0 && !publish) refuse(`${files[0]}: result files are read with --publish only.`);
    return { quick, soak, only: only === undefined ? undefined : figuresOf(only), publish, results: resultsOf(files) };
  },
};

function figuresOf(only) {
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) refuse(`There is no figure “${unknown}”; there are ${NAMES.join(', ')}.`);
  return wanted;
}

function resultsOf(files) {
  const results = files.map((file) => readResult(file) ?? refuse(`${file} is no result of a run.`));
  results.forEach(
    ({ pace }, n) => pace.quick && refuse(`${files[n]} is the result of a quick run: its figures are too rough.`),
  );
  if (results.length > 0 && !isFull(results[0], NAMES))
    refuse(`${files[0]} is not the result of a full run, which comes first.`);
  return results;
}

function refuse(why) {
  throw new UsageError(why);
}
