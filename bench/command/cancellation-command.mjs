import { UsageError, wholeNumber } from './arguments.mjs';

const count = (usual) => ({ type: 'string', default: String(usual) });
/** As REFUNDS_PER_SECOND may be. */
const FASTEST = 100;

/** `npm run cancellation`: @see arguments.mjs */
export const CANCELLATION = {
  usage: `Usage: npm run cancellation -- [--orders <count>] [--per-second <count>] [--minutes <count>]

  --orders      paid orders of the event, of two or three tickets each; 20000 unless told otherwise
  --per-second  refunds that the provider is asked for, 100 at most and unless told otherwise
  --minutes     after which it has failed, 30 unless told otherwise`,
  options: { orders: count(20_000), 'per-second': count(FASTEST), minutes: count(30) },
  judge({ values }) {
    const counts = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, wholeNumber(name, text, 1)]));
    if (counts['per-second'] > FASTEST) throw new UsageError(`--per-second is ${FASTEST} at most.`);
    return { orders: counts.orders, perSecond: counts['per-second'], limitSeconds: counts.minutes * 60 };
  },
};
