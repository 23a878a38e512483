import { fileToWrite, UsageError } from '../bench/command/arguments.mjs';

const MOST_SEEDS = 2 ** 31;

/** `npm run chaos`: @see bench/command/arguments.mjs */
export const CHAOS = {
  usage: `Usage: npm run chaos -- [--minutes <n>] [--seed <n>] [--rate <n>] [--private] [--json <file>]

  --minutes  how long faults strike, 5 unless told otherwise; 0.5 is enough for a change
  --seed     a whole number: the same faults and the same clients again; one by chance unless given
  --rate     orders a second that are tried, 12 unless told otherwise
  --private  a PostgreSQL, RabbitMQ and Redis of its own, which are killed and flushed, too; rabbitmq-server and
             redis-server must be there. Without it: those of DATABASE_URL, RABBITMQ_URL and REDIS_URL, of which
             only this run's own databases, queues and keys are touched; what is not given is embedded
  --json     writes the result there, too

Exit code: 0 every promise was kept, 1 something is broken, 2 something could not be checked.`,
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    rate: { type: 'string', default: '12' },
    private: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
  judge({
    values: { minutes, seed = String(Math.floor(Math.random() * MOST_SEEDS)), rate, private: isPrivate, json },
  }) {
    return {
      minutes: positive('minutes', minutes),
      seed: wholeNumber('seed', seed),
      rate: positive('rate', rate),
      isPrivate,
      json: json === undefined ? undefined : fileToWrite('json', json),
    };
  },
};

function positive(name, text) {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new UsageError(`--${name} is a number above 0.`);
  return number;
}

function wholeNumber(name, text) {
  if (!/^\d+$/.test(text) || Number(text) >= 2 ** 32) throw new UsageError(`--${name} is a whole number below 2³².`);
  return Number(text);
}
