import { Clock } from './clock.mjs';
import { constants as measured } from './constants.mjs';
import { Cores, Log } from './machine.mjs';
import { Consumer, Outbox, Queue, Relay } from './messages.mjs';
import { counters, Gateway, place, TicketApi } from './ordering.mjs';
import { randomOf, untilNext } from '../load/random.mjs';
import { quantile, Tally } from './tally.mjs';

/**
 * Runs a platform for `seconds` of virtual time after `warmUp`; the same for the same seed.
 * Clients: `rate` orders a second that wait for nobody (open loop), or `callers` who order again when they are answered.
 * Each replica has a core of its own, PostgreSQL `databaseCores`; with `sharedCores` all of it runs on so many.
 */
export function simulate({
  gateways = 1,
  ticketApis = 1,
  payments = 1,
  databaseCores = 4,
  sharedCores,
  fsync = 1e-3,
  batchSize = measured.limits.batchSize,
  events = 1,
  hop = measured.hop,
  rate,
  callers,
  seconds = 1,
  warmUp = 0.5,
  seed = 1,
  constants = measured,
}) {
  const clock = new Clock();
  const shared = sharedCores && new Cores(clock, sharedCores);
  const host = (cores) => shared ?? new Cores(clock, cores);
  const { rows, counterOf } = counters(clock, constants.database.handOver);
  const site = { clock, constants, batchSize, hop, counterOf, tally: new Tally(warmUp), outbox: new Outbox() };
  site.database = host(databaseCores);
  site.log = new Log(clock, fsync);
  site.broker = new Queue(site);
  site.broker.consumers = Array.from({ length: payments }, () => new Consumer(site, host(1)));
  site.ticketApis = Array.from({ length: ticketApis }, () => new TicketApi(site, host(1)));
  for (const ticketApi of site.ticketApis) ticketApi.relay = new Relay(site, ticketApi.loop);
  const doors = Array.from({ length: gateways }, (_, index) => new Gateway(site, host(1), index));

  const random = randomOf(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const names = Array.from({ length: events }, (_, index) => index);
  if (rate) arriveAt(rate, { clock, random, end: warmUp + seconds }, () => place(site, pick(doors), pick(names)));
  else
    for (let caller = 0; caller < callers; caller += 1) {
      const [door, event] = [doors[caller % gateways], names[Math.floor(caller / gateways) % events]];
      const again = () => (shared ? shared.use(constants.client)(order) : order());
      const order = () => place(site, door, event, again);
      clock.after(random() * 1e-3, order);
    }
  const all = () => ({
    gateway: Math.max(...doors.map(({ loop }) => loop.busy)),
    'ticket-api': Math.max(...site.ticketApis.map(({ loop }) => loop.busy)),
    'database CPU': site.database.busy / site.database.count,
    'counter row': Math.max(0, ...[...rows.values()].map(({ held }) => held)),
    'log flush': site.log.busy,
    'payment-service': Math.max(...site.broker.consumers.map(({ loop }) => loop.busy)),
    queue: site.broker.busy,
  });
  clock.runUntil(warmUp);
  const before = all();
  clock.runUntil(warmUp + seconds);
  const { tally } = site;
  const busy = Object.fromEntries(
    Object.entries(all()).map(([name, after]) => [name, (after - before[name]) / seconds]),
  );
  return {
    perSecond: tally.placed / seconds,
    refusedPerSecond: tally.refused / seconds,
    p50: quantile(tally.latencies, 0.5),
    p99: quantile(tally.latencies, 0.99),
    meanLatency: tally.latencies.reduce((sum, latency) => sum + latency, 0) / tally.latencies.length,
    meanInside: tally.meanInside(clock.now),
    inside: tally.inside,
    all: tally.all,
    meanBatch: tally.all.placed / site.ticketApis.reduce((sum, { lanes }) => sum + lanes.batches, 0),
    backlog: site.outbox.rows.length + site.broker.messages.length,
    consumed: tally.messages,
    busy,
    /** What is busiest of that which an answer waits for. */
    bottleneck: ['gateway', 'ticket-api', 'database CPU', 'counter row'].reduce((one, other) =>
      busy[other] > busy[one] ? other : one,
    ),
  };
}

function arriveAt(rate, { clock, random, end }, arrive) {
  const next = () =>
    clock.after(untilNext(random, rate), () => {
      if (clock.now > end) return;
      arrive();
      next();
    });
  next();
}
