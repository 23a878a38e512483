import { join } from 'node:path';
import { on } from '../stage/databases.mjs';
import { statementsPerSecond } from './statements.mjs';

const ROWS = 100_000;
const TABLE = `
  create table floor (id uuid primary key, value int not null) with (fillfactor = 50);
  insert into floor select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 0 from generate_series(1, ${ROWS}) n;
  analyze floor`;

/** What the database does of the smallest writes, each committed, in a table without anything else. */
export async function openFloor({ inner: { ownerUrl } }) {
  await on(ownerUrl, 'create database bench_floor');
  const url = ownerUrl.replace(/\/postgres$/, '/bench_floor');
  await on(url, TABLE);
  const run = (file) => (pace) =>
    statementsPerSecond(join(import.meta.dirname, file), { ...pace, url, variables: { rows: ROWS } });
  return { insert: run('insert.sql'), update: run('update.sql') };
}
