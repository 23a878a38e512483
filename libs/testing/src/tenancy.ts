import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { judgeCatalogue } from '@app/invariants';
import type { DataSource } from 'typeorm';
import { RowsUnderTest, type Rows } from './tenancy-rows.js';

export interface Tenancy {
  /** Every table that belongs to no tenant → why. */
  withoutTenant: Readonly<Record<string, string>>;
  /** Tables with rows that everybody sees; the rows below must be among them. */
  published?: readonly string[];
  /**
   * Unique keys over all tenants that hold no id of ours → why. They tell that a value is taken: an id nobody can guess, but
   * an e-mail, say, anybody could ask for.
   */
  sharedKeys?: Readonly<Record<string, string>>;
  /**
   * A row for every table with a `tenant_id`, in an order in which they can be inserted; rows of other tables may stand
   * before those that need them.
   */
  rows: (tenantId: string) => Rows;
}

/**
 * Holds a whole database to the rule that no table escapes its tenant, read from the catalogue, so that a table of
 * tomorrow is judged too. A failure names every violation in a sentence.
 * @param source the service's own login to a freshly migrated database; rows of two tenants stay in it
 */
export async function expectTenancy(source: DataSource, tenancy: Tenancy): Promise<void> {
  expect(await tenancyViolations(source, tenancy)).toEqual([]);
}

export async function tenancyViolations(
  source: DataSource,
  { withoutTenant, published = [], sharedKeys = {}, rows }: Tenancy,
): Promise<string[]> {
  const { tenantTables, otherTables, violations } = await judgeCatalogue((sql) => source.query(sql));
  for (const name of Object.keys(withoutTenant))
    if (!otherTables.includes(name)) violations.push(`${name} is on the list of tables without a tenant, but is none`);
  for (const name of otherTables)
    if (!withoutTenant[name]) violations.push(`${name} has no tenant_id and states no reason`);
  const shared = ((await source.query(SHARED_KEYS)) as { name: string }[]).map(({ name }) => name);
  for (const name of Object.keys(sharedKeys))
    if (!shared.includes(name)) violations.push(`${name} is on the list of unique keys over all tenants, but is none`);
  for (const name of shared)
    if (!sharedKeys[name]) violations.push(`${name} is a unique key over all tenants and states no reason`);
  const [own, other] = [randomUUID(), randomUUID()];
  const otherRows = rows(other);
  const underTest = new RowsUnderTest(source);
  try {
    await underTest.seed(own, rows(own));
    await underTest.seed(other, otherRows);
  } catch (error) {
    return [...violations, `the rows do not fit: ${(error as Error).message}`];
  }
  for (const table of tenantTables) {
    const row = otherRows[table.name];
    if (row) violations.push(...(await underTest.judge(table, own, other, row, published.includes(table.name))));
    else violations.push(`${table.name} has no row here, so nothing proves that it keeps to its tenant`);
  }
  return violations;
}

const SHARED_KEYS = `
  select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
  where i.indisunique and c.relnamespace = 'public'::regnamespace
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum = any (i.indkey::int2[])
                    and (a.attname = 'tenant_id' or a.atttypid = 'uuid'::regtype))
  order by 1`;
