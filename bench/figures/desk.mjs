import { randomUUID } from 'node:crypto';
import { openFloor } from '../floor/floor.mjs';
import { closedLoop } from '../load/closed-loop.mjs';
import { openLoop } from '../load/open-loop.mjs';
import { ascending, percentile } from '../load/percentile.mjs';
import { only } from '../load/requests.mjs';
import { alternate, compare, median } from '../rounds.mjs';
import { on } from '../stage/databases.mjs';
import { storeOrders } from '../stage/stored-orders.mjs';

const CALLERS = 64;
const PRINTERS = 8;
/** Milliseconds: some hundred check-ins at least, so that one in a hundred is more than a few. */
const LEAST = 2_000;
/** More than a round can use up. */
const TICKETS_A_SECOND = 4_000;

/** At the door: tickets are checked in, each once, and printed. */
export async function measureDesk(stage, { rounds, milliseconds }) {
  const grouped = await stage.grouped();
  const floor = await openedFloor(stage);
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  const pace = { callers: CALLERS, milliseconds };
  const codes = await codesOf(grouped, rounds * seconds * TICKETS_A_SECOND);
  const before = () => grouped.quiet();
  const checkIns = await alternate(rounds, {
    before,
    reference: () => floor.update({ clients: CALLERS, seconds }),
    subject: () => checkIn(grouped, codes, pace),
  });
  const top = Math.max(...checkIns.rounds.map(({ subject }) => subject));
  await before();
  const tail = await waitAtTheDoor(grouped, codes, { perSecond: top / 2, milliseconds });
  const printed = [];
  for (let round = 0; round < rounds; round += 1)
    printed.push(await print(grouped, codes, { callers: PRINTERS, milliseconds }));
  return { 'check-ins': checkIns, 'check-in-tail': tail, pdf: { subject: median(printed), rounds: printed } };
}

export const openedFloor = (stage) => stage.part('floor', async () => openFloor(await stage.grouped()));

/** Of tickets that a desk has sold. */
async function codesOf({ inner, endless }, count) {
  const { deriveCodeKey, readMasterKeys } = await import('../../dist/apps/ticket-api/src/tickets/code-keys.js');
  const { signCode } = await import('../../dist/libs/ticket-codes/src/index.js');
  const [master] = readMasterKeys([inner.secrets.ticketSigningKey]);
  const key = deriveCodeKey(master, endless.eventId, 1);
  const stored = await on(inner.databases.of['ticket-api'].ownerUrl, (client) =>
    storeOrders(client, { ...endless, count, how: 'desk' }),
  );
  return stored.map(({ ticketId }) => ({
    ticketId,
    code: signCode({ ticketId, eventId: endless.eventId, holderVersion: 1, step: null }, key),
  }));
}

async function checkIn({ url, ...door }, codes, pace) {
  return only(await closedLoop({ ...pace, url, next: scans(door, codes) }), '200');
}

/** How long people wait at the door while they come by the clock. */
async function waitAtTheDoor({ url, ...door }, codes, { perSecond, milliseconds }) {
  const phases = [
    { perSecond, milliseconds: milliseconds / 2 },
    { perSecond, milliseconds: Math.max(LEAST, milliseconds) },
  ];
  const answers = await openLoop({ url, connections: 1_000, phases, next: scans(door, codes) });
  // The first phase only warms up: connections are being made.
  const counted = answers.filter(({ phase }) => phase === 1);
  only({ perSecond: Object.fromEntries(counted.map(({ kind }) => [kind, 1])) }, '200');
  const latencies = ascending(counted.map(({ latency }) => latency));
  return { ...compare(percentile(latencies, 0.5), percentile(latencies, 0.99)), perSecond };
}

/** Each a ticket that nobody has shown yet. */
function scans({ organizer, endless }, codes) {
  return () => {
    const ticket = codes.pop();
    if (!ticket) return undefined;
    const body = { code: ticket.code, eventId: endless.eventId, gate: 'North', scanId: randomUUID() };
    return {
      method: 'POST',
      path: '/api/v1/tickets/checkin',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...organizer.headers },
    };
  };
}

async function print({ url, organizer }, codes, pace) {
  const next = (n) => ({
    method: 'GET',
    path: `/api/v1/tickets/${codes[n % codes.length].ticketId}/pdf`,
    headers: organizer.headers,
  });
  return only(await closedLoop({ ...pace, url, next }), '200');
}
