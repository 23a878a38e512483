import { existsSync } from 'node:fs';
import { UsageError, wholeNumber } from '../bench/command/arguments.mjs';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const MOST_SEEDS = 2 ** 31;

/** `npm run fuzz`: @see ../bench/command/arguments.mjs */
export const FUZZ = {
  usage: `Usage: npm run fuzz -- [--seed <n>] [--requests <n>] [--connections <n>] [--url <address>] [--replay <file>]

  --seed         a whole number: the same choices again; one by chance unless given
  --requests     how many are sent, 10000 unless told otherwise
  --connections  how many of them at a time, 8 unless told otherwise
  --url          the gateway of a running platform with demo accounts, on this machine (http://localhost:3000), which is
                 left full of rubbish; without it: a platform of its own on embedded PostgreSQL, whose invariants and
                 logs are judged, too
  --replay       sends what a failure's file tells, one request after the other, and judges the last one

Exit code: 0 nothing was found, 1 something is broken, 2 something could not be checked.`,
  options: {
    seed: { type: 'string' },
    requests: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '8' },
    url: { type: 'string' },
    replay: { type: 'string' },
  },
  judge({ values: { seed = String(Math.floor(Math.random() * MOST_SEEDS)), requests, connections, url, replay } }) {
    if (replay !== undefined && !existsSync(replay)) throw new UsageError(`--replay ${replay} is not there.`);
    return {
      seed: wholeNumber('seed', seed, 0),
      requests: wholeNumber('requests', requests, 1),
      connections: wholeNumber('connections', connections, 1),
      url: url === undefined ? undefined : loopback(url),
      replay,
    };
  },
};

/** Nobody else's platform is ever fuzzed by a slip of the pen. */
function loopback(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && LOOPBACK.has(url.hostname)) return url.origin;
  throw new UsageError('--url is an http address of this machine, such as http://localhost:3000.');
}
