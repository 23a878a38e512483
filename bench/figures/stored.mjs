import { audit } from '../audit.mjs';
import { Engine, openDatabase } from '../engine/engine.mjs';
import { addSale } from '../engine/sale.mjs';
import { alternate } from '../rounds.mjs';
import { on } from '../stage/databases.mjs';
import { storeOrders } from '../stage/stored-orders.mjs';

const SIZES = {
  full: { few: 1_000, many: 1_000_000, tenants: 1_000 },
  quick: { few: 1_000, many: 20_000, tenants: 100 },
};
const CALLERS = 64;

/** What an order costs in a house that has sold much, or houses many. */
export async function measureStored(stage, { rounds, milliseconds, quick }) {
  const { few, many, tenants } = SIZES[quick ? 'quick' : 'full'];
  const site = await stage.grouped();
  const house = (name, orders, organizers) =>
    stage.part(name, async () => {
      const database = await openDatabase(stage.root, site, name);
      const sale = await on(database.ownerUrl, (client) => fill(client, orders, organizers));
      const engine = await Engine.open(stage.root, site, database);
      return {
        reserve: () => engine.reserve(sale, { callers: CALLERS, milliseconds }),
        audit: () => audit(database.ownerUrl, engine.seen),
        close: async () => {
          await engine.close();
          await database.close();
        },
      };
    });
  const small = await house('bench_few_orders', few, 1);
  const large = await house('bench_many_orders', many, 1);
  const shared = await house('bench_many_tenants', many, tenants);
  for (const { reserve } of [small, large, shared]) await reserve();
  const count = new Intl.NumberFormat('en').format;
  const compared = (reference, subject) =>
    alternate(rounds, { reference: reference.reserve, subject: subject.reserve });
  return {
    'stored-orders': { ...(await compared(large, small)), note: `${count(few)} orders against ${count(many)}` },
    'stored-tenants': {
      ...(await compared(shared, large)),
      note: `1 tenant against ${count(tenants)}, ${count(many)} orders in all`,
    },
  };
}

/** @returns the sale of the last tenant */
async function fill(client, orders, tenants) {
  let sale;
  for (let tenant = 0; tenant < tenants; tenant += 1) {
    sale = await addSale(client);
    await storeOrders(client, { ...sale, count: orders / tenants, how: 'desk' });
  }
  await client.query('vacuum analyze');
  return sale;
}
