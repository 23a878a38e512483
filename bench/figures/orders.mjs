import { echoes, orders } from '../load/requests.mjs';
import { alternate } from '../rounds.mjs';

const CALLERS = 256;

/** How fast the whole way of an order is: gateway, tokens, validation, keys, database. */
export async function measureOrders(stage, { rounds, milliseconds }) {
  const [echo, grouped, single] = await Promise.all([stage.echo(), stage.grouped(), stage.single()]);
  const pair = async (reference, subject) => {
    const before = async () => {
      await Promise.all([grouped.quiet(), single.quiet()]);
    };
    return alternate(rounds, { reference, subject, before });
  };
  const through = (site, callers) => () => orders(site, site.endless, { callers, milliseconds });
  const echoing = () => echoes(echo, { callers: CALLERS, milliseconds });
  // Nobody's first requests count: code is compiled while it runs.
  for (const warmUp of [echoing, through(grouped, CALLERS), through(single, CALLERS)]) await warmUp();
  return {
    'gateway-echo': await pair(echoing, through(grouped, CALLERS)),
    'gateway-single': await pair(through(single, CALLERS), through(grouped, CALLERS)),
    'many-callers': await pair(through(grouped, 64), through(grouped, 1000)),
    'one-caller': await pair(through(single, 1), through(grouped, 1)),
  };
}

/** Ten thousand different buyers: no signature has been checked before. */
export async function measureFirstTokens(stage, { rounds, milliseconds }) {
  const [echo, grouped] = [await stage.echo(), await stage.grouped()];
  const pace = { callers: CALLERS, milliseconds };
  // More than can be served in the time: the clock ends a round, or the last token does.
  const count = Math.ceil(
    (await orders(grouped, grouped.endless, { ...pace, milliseconds: 500 })) * (milliseconds / 1000),
  );
  const strangers = (await grouped.people.join(count * rounds)).reverse();
  return {
    'first-tokens': await alternate(rounds, {
      before: () => grouped.quiet(),
      reference: () => echoes(echo, pace),
      subject: () => orders(grouped, grouped.endless, { ...pace, buyers: strangers.splice(-count), turns: 1 }),
    }),
  };
}
