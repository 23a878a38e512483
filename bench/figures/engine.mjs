import { join } from 'node:path';
import { audit } from '../audit.mjs';
import { Engine, openDatabase } from '../engine/engine.mjs';
import { addSale } from '../engine/sale.mjs';
import { hasPgbench, statementsPerSecond } from '../floor/statements.mjs';
import { compare, inTheMiddle, median } from '../rounds.mjs';
import { on } from '../stage/databases.mjs';

const SCRIPT = join(import.meta.dirname, '../floor/order.sql');
/** At most: there are many steps in each. */
const ROUNDS = 3;
const SAME = 128;
const MANY = 64;
/** Callers of each; pgbench's need a connection each, of which PostgreSQL takes 300. */
const FULL = { grouped: [1, 8, 64, 128, 256, 1000], single: [1, 8, 64, 128, 256, 1000], floor: [1, 8, 64, 128] };
const QUICK = { grouped: [64, 128], single: [], floor: [1, 128] };

/** Reservations without a hop, against what one conditional statement an order can do. */
export async function measureEngine(stage, { rounds, milliseconds, quick }) {
  const { database, sale, grouped, single } = await engines(stage);
  await Promise.all([stage.grouped(), stage.single()].map(async (site) => (await site).quiet()));
  // Compiled code needs some thousand orders to become what it is in a sale.
  await grouped.reserve(sale, { callers: MANY, milliseconds: 2 * milliseconds });
  const variables = await variablesOf(database, sale);
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  const session = { 'app.tenant_id': sale.tenantId };
  const measure = {
    grouped: (callers) => grouped.reserve(sale, { callers, milliseconds }),
    single: (callers) => single.reserve(sale, { callers, milliseconds }),
    floor: (clients) => statementsPerSecond(SCRIPT, { url: database.loginUrl, clients, seconds, variables, session }),
  };
  const steps = stepsOf(quick ? QUICK : FULL);
  const measured = [];
  const numbers = Array.from({ length: Math.min(rounds, ROUNDS) }, (_, round) => round);
  for (const round of numbers)
    for (const { name, callers } of round % 2 === 0 ? steps : steps.toReversed())
      measured.push({ round, name, callers, perSecond: await measure[name](callers) });

  const series = steps.map(({ name, callers }) => {
    const same = measured.filter((point) => point.name === name && point.callers === callers);
    return { name, callers, perSecond: median(same.map(({ perSecond }) => perSecond)) };
  });
  const best = (round, name, isMeant) =>
    Math.max(
      ...measured
        .filter((point) => point.round === round && point.name === name && isMeant(point))
        .map(({ perSecond }) => perSecond),
    );
  const pair = (isFloor, isEngine) =>
    inTheMiddle(numbers.map((round) => compare(best(round, 'floor', isFloor), best(round, 'grouped', isEngine))));
  const isSame = ({ callers }) => callers === SAME;
  const note = hasPgbench ? undefined : 'pgbench is not installed: the statement ran through pg';
  return {
    'engine-best': {
      ...pair(
        () => true,
        ({ callers }) => callers >= MANY,
      ),
      note,
      series,
      points: measured,
    },
    'engine-same': { ...pair(isSame, isSame), note },
  };
}

/** By callers, so that what is compared runs side by side. */
const stepsOf = (plan) =>
  Object.entries(plan)
    .flatMap(([name, all]) => all.map((callers) => ({ name, callers })))
    .toSorted((a, b) => a.callers - b.callers);

/** With groups and without, on one database. */
function engines(stage) {
  return stage.part('engines', async () => {
    const site = await stage.grouped();
    const database = await openDatabase(stage.root, site, 'bench_engine');
    const sale = await on(database.ownerUrl, addSale);
    const grouped = await Engine.open(stage.root, site, database);
    const single = await Engine.open(stage.root, site, database, { ORDER_BATCH_SIZE: '1' });
    return {
      ...{ database, sale, grouped, single },
      audit: () => audit(database.ownerUrl, [...grouped.seen, ...single.seen]),
      close: async () => {
        await Promise.all([grouped.close(), single.close()]);
        await database.close();
      },
    };
  });
}

/** The floor writes the message that the engine wrote. */
async function variablesOf(database, { counterId, typeId, buyerIds }) {
  const [{ message }] = await on(database.ownerUrl, 'select data::text as message from outbox limit 1');
  return { counter: counterId, type: typeId, buyers: buyerIds.length, message };
}
