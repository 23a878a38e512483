import { UsageError } from '../../bench/command/arguments.mjs';

/** `npm run crash-points`: @see ../../bench/command/arguments.mjs @param known all points that there are */
export const crashPoints = (known) => ({
  usage: `Usage: npm run crash-points -- [<point> …]

  All points, or these alone, of
  ${known.join('\n  ')}

On embedded services; with RABBITMQ_URL on real PostgreSQL, RabbitMQ and Redis (DATABASE_URL, REDIS_URL).`,
  takesFiles: true,
  judge({ positionals: wanted }) {
    const unknown = wanted.find((point) => !known.includes(point));
    if (unknown !== undefined) throw new UsageError(`There is no crash point “${unknown}”.`);
    return wanted.length > 0 ? [...new Set(wanted)] : known;
  },
});
