import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { audit } from './audit.mjs';
import { startEcho } from './echo/start-echo.mjs';
import { closedLoop } from './load.mjs';
import { databaseOf, Sale, startPlatform } from './platform.mjs';
import { alternate } from './rounds.mjs';

const ENDLESS = 2_000_000;
const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * Starts what it measures, lets each figure and what it is compared with run by turns, and looks afterwards whether
 * every promise was kept: a run that oversold or lost an order has no result.
 */
export async function bench(root, { quick }) {
  const [milliseconds, rounds, people] = quick ? [2_000, 3, 40] : [5_000, 5, 200];
  console.log(
    `Load of the last minute: ${loadavg()[0].toFixed(1)} on ${cpus().length} cores; above 0.5 the figures say little.`,
  );
  const echo = await startEcho();
  const grouped = await open(root, people, {});
  const single = await open(root, people, { ORDER_BATCH_SIZE: '1' });
  const figures = [];
  const figure = async (name, goal, reference, subject) => {
    const result = { name, goal, ...(await alternate(rounds, reference, subject)) };
    figures.push(result);
    tell(result);
  };
  try {
    const rate = { milliseconds };
    const echoed =
      (callers, method = 'POST') =>
      () =>
        echoes(echo, { ...rate, callers, method });
    const endless = await grouped.sale.event(grouped.organizer, ENDLESS);
    const endlessSingle = await single.sale.event(single.organizer, ENDLESS);
    const soldOut = await grouped.sale.event(grouped.organizer, 1);
    const placed = (site, event, callers) => () => orders(site, event, { ...rate, callers });

    await placed(grouped, endless, 64)();
    await placed(single, endlessSingle, 64)();
    await figure(
      'orders/s through the gateway, 256 callers, against a bare two-hop echo',
      0.8,
      echoed(256),
      placed(grouped, endless, 256),
    );
    await figure(
      'the same against the same services without groups',
      12,
      placed(single, endlessSingle, 256),
      placed(grouped, endless, 256),
    );
    await figure(
      'orders/s at 1000 callers against 64',
      0.9,
      placed(grouped, endless, 64),
      placed(grouped, endless, 1000),
    );
    await figure(
      'one caller alone against the same without groups',
      0.9,
      placed(single, endlessSingle, 1),
      placed(grouped, endless, 1),
    );
    await buyLast(grouped, soldOut);
    await figure('“sold out” answers/s, 256 callers, against the echo', 1.2, echoed(256), () =>
      orders(grouped, soldOut, { ...rate, callers: 256, expected: '409' }),
    );
    await figure('event pages/s, 64 callers, against a bare two-hop GET', 0.8, echoed(64, 'GET'), () =>
      reads(grouped, `/events/${endless.eventId}`, { ...rate, callers: 64 }),
    );
    await figure('availability reads/s, 64 callers, against a bare two-hop GET', 0.8, echoed(64, 'GET'), () =>
      reads(grouped, `/events/${endless.eventId}/availability`, { ...rate, callers: 64 }),
    );
    const wrong = [...(await inspect(grouped)), ...(await inspect(single))];
    if (wrong.length > 0) throw new Error(`This run has no result:\n  ${wrong.join('\n  ')}`);
    return save(root, { quick, milliseconds, rounds, figures });
  } finally {
    echo.stop();
    await Promise.all([grouped.platform.stop(), single.platform.stop()]);
  }
}

async function open(root, people, environment) {
  const platform = await startPlatform(root, environment);
  const sale = new Sale(platform.url);
  const organizer = await sale.person();
  return { platform, sale, organizer, buyers: await sale.people(people), seen: [] };
}

/** @returns when nothing is left of an event of one ticket */
async function buyLast({ sale, buyers, seen }, { eventId, typeId }) {
  const { id } = await sale.call(
    'POST',
    '/orders',
    { eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] },
    buyers[0],
  );
  seen.push(id);
}

async function orders({ platform, buyers, seen }, { eventId, typeId }, { callers, milliseconds, expected = '201' }) {
  const body = JSON.stringify({ eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] });
  const { perSecond } = await closedLoop({
    url: platform.url,
    callers,
    milliseconds,
    next: (n) => ({
      method: 'POST',
      path: '/api/v1/orders',
      body,
      headers: { ...JSON_TYPE, ...buyers[n % buyers.length], 'idempotency-key': randomUUID() },
    }),
    check: ({ statusCode }, text) => {
      if (statusCode === 201) seen.push(/"id":"([^"]+)"/.exec(text)[1]);
      return String(statusCode);
    },
  });
  return only(perSecond, expected);
}

async function reads({ platform }, path, { callers, milliseconds }) {
  const next = () => ({ method: 'GET', path: `/api/v1${path}` });
  const { perSecond } = await closedLoop({ url: platform.url, callers, milliseconds, next });
  return only(perSecond, '200');
}

async function echoes({ url }, { callers, milliseconds, method }) {
  const body =
    method === 'POST'
      ? JSON.stringify({ eventId: randomUUID(), items: [{ ticketTypeId: randomUUID(), quantity: 1 }] })
      : undefined;
  const next = () => ({ method, path: '/echo', body, headers: body ? JSON_TYPE : {} });
  const { perSecond } = await closedLoop({ url, callers, milliseconds, next });
  return only(perSecond, '200');
}

/** Only what was wanted counts, and anything else is told: fast refusals are no orders. */
function only(perSecond, wanted) {
  const others = Object.keys(perSecond).filter((kind) => kind !== wanted);
  if (others.length > 0) throw new Error(`Answers that were not expected: ${JSON.stringify(perSecond)}`);
  return perSecond[wanted] ?? 0;
}

const inspect = async ({ platform, seen }) => audit(await databaseOf(platform), seen);

function tell({ name, goal, reference, subject, ratio }) {
  const mark = ratio >= goal ? 'kept  ' : 'MISSED';
  console.log(
    `${mark} ${ratio.toFixed(2).padStart(6)} (goal ${goal})  ${name}: ${Math.round(subject)}/s against ${Math.round(reference)}/s`,
  );
}

function save(root, result) {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const machine = { node: process.version, load: loadavg()[0], cores: cpus().length, cpu: cpus()[0]?.model };
  const path = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`);
  writeFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), machine, ...result }, null, 2)}\n`);
  console.log(`\nAll promises kept. Results: ${path}`);
  return path;
}
