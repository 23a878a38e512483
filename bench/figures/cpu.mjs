import { closedLoop } from '../load/closed-loop.mjs';
import { echoRequest, orders } from '../load/requests.mjs';
import { alternate } from '../rounds.mjs';
import { countsTime, timesDuring } from '../stage/cpu.mjs';

const CALLERS = 256;
/** At most: computing times differ little from round to round. */
const ROUNDS = 3;

/** What requests cost, and not how many there were: neighbours on the machine change that little. */
export async function measureCpu(stage, { rounds: wanted, milliseconds, quick }) {
  if (!countsTime) return {};
  const rounds = quick ? 1 : Math.min(wanted, ROUNDS);
  const [echo, grouped] = [await stage.echo(), await stage.grouped()];
  const pace = { callers: CALLERS, milliseconds };
  const place = async (buyers, turns) => {
    const before = grouped.seen.length;
    const times = await timesDuring(grouped.platform.processes, () =>
      orders(grouped, grouped.endless, { ...pace, buyers, turns }),
    );
    return shared(times, grouped.seen.length - before);
  };
  const ofEcho = async () => {
    const request = echoRequest();
    let run;
    const times = await timesDuring(echo.processes, async () => {
      run = await closedLoop({ ...pace, url: echo.url, next: () => request });
    });
    return shared(times, run.counts['200']);
  };
  const known = await place(grouped.buyers);
  const count = Math.ceil(known.count * 1.5);
  const strangers = await grouped.people.join(count * rounds);
  const before = () => grouped.quiet();
  const pair = (processes, reference, subject) =>
    alternate(rounds, {
      before,
      reference: async () => (await reference()).of[processes.reference],
      subject: async () => (await subject()).of[processes.subject],
    });
  const placed = () => place(grouped.buyers);
  const gateway = { reference: 'api-gateway', subject: 'api-gateway' };
  return {
    'cpu-gateway': await pair({ ...gateway, reference: 'door' }, ofEcho, placed),
    'cpu-ticket-api': await pair({ reference: 'service', subject: 'ticket-api' }, ofEcho, placed),
    'cpu-first-token': await pair(gateway, placed, () => place(strangers.splice(-count), 1)),
  };
}

/** Microseconds a request. */
const shared = (times, count) => ({
  count,
  of: Object.fromEntries(Object.entries(times).map(([name, time]) => [name, time / count])),
});
