import { constants } from './constants.mjs';
import { simulate } from './simulate.mjs';

const REPLICAS = [1, 2, 4, 8, 16];
const CROWDS = [64, 256, 1_024];

/** The most that closed crowds of some sizes get out of it: too few do not fill it, too many choke it. */
export function capacity(scenario) {
  const { gateways = 1 } = scenario;
  const seconds = scenario.batchSize === 1 ? 4 : 1;
  const runs = CROWDS.map((crowd) => simulate({ seconds, warmUp: seconds, ...scenario, callers: crowd * gateways }));
  return runs.reduce((best, run) => (run.perSecond > best.perSecond ? run : best));
}

const rates = (values, scenarioOf) => values.map((value) => [value, capacity(scenarioOf(value)).perSecond]);

/** One event: what more doors and more ticket-apis bring. */
export function hotEvent() {
  const series = [1, 2, 4].map((ticketApis) => ({
    name: `${ticketApis} ticket-api`,
    points: rates(REPLICAS, (gateways) => ({ gateways, ticketApis })),
  }));
  const alone = rates(REPLICAS, (gateways) => ({ gateways, ticketApis: 4, batchSize: 1 }));
  return [...series, { name: '4 ticket-api, each order alone', points: alone, line: 'dashed' }];
}

/** 64 events at the same time: replicas of everything, and the cores of the one database below them. */
export function manyEvents() {
  return [2, 4, 8, 16].map((databaseCores) => ({
    name: `${databaseCores} database cores`,
    points: rates(REPLICAS, (replicas) => ({ ...all(replicas), events: 64, databaseCores })),
  }));
}

const all = (replicas) => ({ gateways: replicas, ticketApis: replicas, payments: replicas });

/** One event: how long the disk takes, and how many orders share it. */
export function disk() {
  const delays = [0.03, 0.1, 0.3, 1, 2, 5, 10];
  return [256, 16, 1].map((batchSize) => ({
    name: batchSize === 1 ? 'each order alone' : `groups of up to ${batchSize}`,
    line: batchSize === 1 ? 'dashed' : 'solid',
    points: rates(delays, (delay) => ({ gateways: 2, ticketApis: 2, batchSize, fsync: delay / 1e3 })),
  }));
}

/** One event: how far the database is from ticket-api, one way. */
export function distance() {
  const ways = [0.02, 0.05, 0.15, 0.5, 1, 2];
  return [256, 1].map((batchSize) => ({
    name: batchSize === 1 ? 'each order alone' : 'groups of up to 256',
    line: batchSize === 1 ? 'dashed' : 'solid',
    points: rates(ways, (way) => ({ gateways: 2, ticketApis: 2, batchSize, hop: way / 1e3 })),
  }));
}

/** One event, orders that come whether or not others are answered: how long an answer takes. */
export function latency() {
  const shares = [0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95];
  const site = { gateways: 4, ticketApis: 2 };
  const most = capacity(site).perSecond;
  const runs = shares.map((share) => simulate({ ...site, rate: share * most, seconds: 4, warmUp: 1 }));
  return ['p50', 'p99'].map((name) => ({
    name,
    points: runs.map((run, index) => [100 * shares[index], 1e3 * run[name]]),
  }));
}

/** Messages of a rush, of one tenant and of many: what payment-service takes a second. */
export function consumers() {
  return [1, 16].map((events) => ({
    name: events === 1 ? 'one organization' : `${events} organizations`,
    points: REPLICAS.map((payments) => {
      const site = { gateways: 8, ticketApis: 8, payments, events, databaseCores: 16, callers: 4_096, seconds: 2 };
      return [payments, simulate(site).consumed / 2.5];
    }),
  }));
}

/** Where the limit is, and where it goes when what was short is added. */
export function journeys() {
  const faster = scaled(constants, 0.5);
  const steps = [
    ['one event, one of each', {}],
    ['+ a second ticket-api', { ticketApis: 2 }],
    ['+ a second gateway', { gateways: 2, ticketApis: 2 }],
    ['+ two more of both', { gateways: 4, ticketApis: 4 }],
    ['the same, database 16 cores', { gateways: 4, ticketApis: 4, databaseCores: 16 }],
    ['the same, cores twice as fast', { gateways: 4, ticketApis: 4, constants: faster }],
    ['four rows instead of one', { gateways: 4, ticketApis: 4, events: 4 }],
    ['64 events, one of each', { events: 64 }],
    ['64 events, four of each', { ...all(4), events: 64 }],
    ['64 events, sixteen of each', { ...all(16), events: 64 }],
    ['the same, database 16 cores', { ...all(16), events: 64, databaseCores: 16 }],
    ['the same, log flush 0.1 ms', { ...all(16), events: 64, databaseCores: 16, fsync: 0.1e-3 }],
  ];
  return steps.map(([name, scenario]) => ({ name, ...capacity(scenario) }));
}

/** Every CPU time times `factor`; the limits stay. */
function scaled(value, factor) {
  if (typeof value === 'number') return value * factor;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === 'limits' || key.startsWith('roundTrips') ? inner : scaled(inner, factor),
  ]);
  return Object.fromEntries(entries);
}
